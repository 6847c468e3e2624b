// What commands say to the person at the terminal: one line each, on stderr, so that stdout stays for results.

/** Says what is being done and how long it may take. */
export function say(sentence: string): void {
  console.error(`sepay-edge: ${sentence}`);
}

/** Ends the command with one sentence that says what is missing or wrong. */
export function stop(sentence: string): never {
  say(sentence);
  process.exit(1);
}
