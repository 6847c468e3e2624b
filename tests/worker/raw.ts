/**
 * HTTP/1.1 by hand on a socket of its own, for requests that no HTTP client agrees to send. Reads an answer with a
 * length, in chunks, or up to the end of the connection.
 */
import { connect } from "node:net";

/** What came back; status 0 when the connection ended without an answer. */
export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How long a silent server is waited for, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Sends a request line with headers, `Host` and `Connection: close` included, and a body as it is. */
export function sendRaw(
  url: string,
  requestLine: string,
  headers: readonly string[] = [],
  body = "",
): Promise<RawReply> {
  const { host } = new URL(url);
  const head = [requestLine, `Host: ${host}`, ...headers, "Connection: close", "", ""].join("\r\n");
  return exchange(url, Buffer.from(head + body, "latin1"));
}

/** Sends bytes and reads until the server hangs up. */
export function exchange(url: string, bytes: Uint8Array): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS);
    let failure: NodeJS.ErrnoException | null = null;
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", (error) => (failure = error));
    socket.on("close", () => {
      clearTimeout(timer);
      // A server that refuses early resets the connection while it is still being written to.
      const isRefusal = failure === null || failure.code === "ECONNRESET" || failure.code === "EPIPE";
      if (isRefusal) resolve(read(Buffer.concat(chunks)));
      else reject(failure);
    });
  });
}

function read(bytes: Buffer): RawReply {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return { status: 0, headers: new Headers(), text: "" };
  const [statusLine = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const headers = new Headers();
  for (const line of lines) headers.append(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim());
  const body = bytes.subarray(end + 4);
  const isChunked = headers.get("transfer-encoding") === "chunked";
  return {
    status: Number(statusLine.split(" ")[1]),
    headers,
    text: (isChunked ? unchunked(body) : body).toString("utf8"),
  };
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString("latin1"), 16);
    if (lineEnd < 0 || !(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
