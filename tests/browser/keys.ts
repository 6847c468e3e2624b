/** Keys with times of their own, as a keyboard or a hand scanner sends them, however long the browser takes to be told. */
import type { CDPSession, Page } from "playwright-core";

/** From key to key, in milliseconds. */
const SCANNER_GAP_MS = 8;
const HAND_GAP_MS = 120;

/** The keyboard of a page. Its clock stands still between two keys. */
export class Keys {
  readonly #session: CDPSession;
  #atMs = Date.now();

  constructor(session: CDPSession) {
    this.#session = session;
  }

  /** What a person types into whatever has the focus. */
  byHand(text: string): Promise<void> {
    return this.#send(text, HAND_GAP_MS);
  }

  /** What a scanner reads, and its Enter. */
  async scan(text: string): Promise<void> {
    this.#atMs += HAND_GAP_MS;
    await this.#send(`${text}\r`, SCANNER_GAP_MS);
  }

  async #send(text: string, gapMs: number): Promise<void> {
    for (const sign of text) {
      this.#atMs += gapMs;
      const key = sign === "\r" ? { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 } : { key: sign };
      const at = { ...key, timestamp: this.#atMs / 1000 };
      await this.#session.send("Input.dispatchKeyEvent", { type: "keyDown", text: sign, ...at });
      await this.#session.send("Input.dispatchKeyEvent", { type: "keyUp", ...at });
    }
  }
}

export async function keysOf(page: Page): Promise<Keys> {
  return new Keys(await page.context().newCDPSession(page));
}
