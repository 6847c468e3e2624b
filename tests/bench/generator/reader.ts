/**
 * Reads HTTP/1.1 answers off a connection, one at a time and strictly: whatever a server may not send is malformed. Keeps
 * the head and the start of the body; the rest is counted. Copies nothing else, so that reading costs the machine little.
 */

/** What a server may not send. */
export class Malformed extends Error {}

/** The head and the size of a complete answer. */
export interface RawAnswer {
  readonly status: number;
  /** The header lines, each ended by CR LF. */
  readonly head: string;
  readonly bodyStart: string;
  readonly bodyBytes: number;
  /** The server will close the connection. */
  readonly isLast: boolean;
}

const HEAD_END = "\r\n\r\n";
const MAX_HEAD_BYTES = 32_768;
const MAX_SIZE_LINE = 256;
/** How much of a body is kept, in bytes. */
const BODY_START_BYTES = 96;
const HEADER_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/;

type Step = "head" | "length" | "size" | "data" | "data-end" | "trailer";

/** Reads a connection's answers. */
export class Reader {
  #step: Step = "head";
  #text = "";
  #left = 0;
  #status = 0;
  #head = "";
  #bodyStart = "";
  #bodyBytes = 0;

  /** Takes bytes as they come; returns the answer that they complete. Throws `Malformed`. */
  push(bytes: Buffer): RawAnswer | null {
    let at = 0;
    while (true) {
      const next = this.#take(bytes, at);
      if (next === null) return null;
      at = next;
      if (this.#step !== "head") continue;
      if (at !== bytes.length) throw new Malformed("bytes after the end of the answer");
      return this.#answer();
    }
  }

  /** Does one step; returns where it ended, or null when it needs more bytes. Back in step "head", all is read. */
  #take(bytes: Buffer, at: number): number | null {
    switch (this.#step) {
      case "head":
        return this.#takeHead(bytes, at);
      case "length":
        return this.#takeBody(bytes, at, "head");
      case "data":
        return this.#takeBody(bytes, at, "data-end");
      default:
        return this.#takeLine(bytes, at);
    }
  }

  #takeHead(bytes: Buffer, at: number): number | null {
    const before = this.#text.length;
    // The end may have come in two parts, so the last three bytes are looked at again.
    const text = this.#text + bytes.toString("latin1", at, Math.min(bytes.length, at + MAX_HEAD_BYTES));
    const end = text.indexOf(HEAD_END, Math.max(0, before - 3));
    if (end < 0) {
      if (text.length > MAX_HEAD_BYTES) throw new Malformed("a head without an end");
      this.#text = text;
      return null;
    }
    this.#text = "";
    this.#begin(text.slice(0, end + 2));
    return at + end + HEAD_END.length - before;
  }

  #begin(head: string): void {
    const status = /^HTTP\/1\.1 ([2-5]\d\d)(?: [^\r\n]*)?\r\n/.exec(head);
    if (status === null) throw new Malformed("no status line");
    this.#status = Number(status[1]);
    this.#head = head.slice(status[0].length);
    for (const line of this.#head.split("\r\n").slice(0, -1)) {
      if (!HEADER_LINE.test(line)) throw new Malformed("a line that is no header");
    }
    this.#bodyStart = "";
    this.#bodyBytes = 0;
    this.#step = this.#framing();
  }

  #framing(): Step {
    const lengths = [...this.#head.matchAll(/^content-length:[\t ]*(.*?)[\t ]*\r$/gim)].map((match) => match[1] ?? "");
    const coding = headerIn(this.#head, "transfer-encoding");
    if (this.#status === 204 || this.#status === 304) return "head";
    if (coding !== undefined) {
      if (coding.toLowerCase() !== "chunked" || lengths.length > 0) throw new Malformed("two framings, or an unknown one");
      return "size";
    }
    const [length = ""] = lengths;
    if (lengths.length !== 1 || !/^\d{1,12}$/.test(length)) throw new Malformed("no length, or no right one");
    this.#left = Number(length);
    return this.#left === 0 ? "head" : "length";
  }

  #takeBody(bytes: Buffer, at: number, after: Step): number | null {
    const end = Math.min(bytes.length, at + this.#left);
    const missing = BODY_START_BYTES - this.#bodyStart.length;
    if (missing > 0) this.#bodyStart += bytes.toString("latin1", at, Math.min(end, at + missing));
    this.#bodyBytes += end - at;
    this.#left -= end - at;
    if (this.#left > 0) return null;
    this.#step = after;
    return end;
  }

  #takeLine(bytes: Buffer, at: number): number | null {
    const end = bytes.indexOf(10, at);
    this.#text += bytes.toString("latin1", at, end < 0 ? bytes.length : end);
    if (this.#text.length > MAX_SIZE_LINE) throw new Malformed("an endless line");
    if (end < 0) return null;
    const line = this.#text;
    this.#text = "";
    if (!line.endsWith("\r")) throw new Malformed("a line without CR");
    this.#step = this.#afterLine(line.slice(0, -1));
    return end + 1;
  }

  #afterLine(line: string): Step {
    if (this.#step === "trailer") return line === "" ? "head" : "trailer";
    if (this.#step === "data-end") {
      if (line !== "") throw new Malformed("a chunk longer than it said");
      return "size";
    }
    if (!/^[0-9a-f]{1,8}(?:[\t ]*;.*)?$/i.test(line)) throw new Malformed("no size of a chunk");
    this.#left = Number.parseInt(line, 16);
    return this.#left === 0 ? "trailer" : "data";
  }

  #answer(): RawAnswer {
    const isLast = /\bclose\b/i.test(headerIn(this.#head, "connection") ?? "");
    const body = { bodyStart: this.#bodyStart, bodyBytes: this.#bodyBytes };
    return { status: this.#status, head: this.#head, ...body, isLast };
  }
}

/** The last value of a header in header lines; the name in lower case. */
export function headerIn(head: string, name: string): string | undefined {
  const lines = head.split("\r\n").filter((line) => line.slice(0, name.length + 1).toLowerCase() === `${name}:`);
  return lines.at(-1)?.slice(name.length + 1).trim();
}
