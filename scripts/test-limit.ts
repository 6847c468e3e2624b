// Ends a file of tests that does not end by itself, as when a test that was given up left something running.

const FILE_TIMEOUT_MS = 600_000;

setTimeout(() => {
  console.error(`not over after ${FILE_TIMEOUT_MS} ms: ${process.argv[1] ?? ""}`);
  process.exit(1);
}, FILE_TIMEOUT_MS).unref();
