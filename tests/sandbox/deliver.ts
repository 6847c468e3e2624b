/**
 * Sends an answer, or carries out a fault, on a socket. The only file that writes to clients of the API.
 */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { failure, tooManyRequests } from "./api.ts";
import type { Answer } from "./api.ts";
import type { Misfortune } from "./faults.ts";
import type { Exchange } from "./journal.ts";
import type { Settings } from "./settings.ts";

/** An answer on its way. */
export interface Delivery {
  readonly response: ServerResponse;
  readonly exchange: Exchange;
  /** What a healthy SePay would have answered. */
  readonly answer: Answer;
  readonly settings: Settings;
  /** Sockets that are kept without an answer. */
  readonly hung: Set<Socket>;
}

const CHALLENGE = `<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>
<body><noscript>Enable JavaScript and cookies to continue</noscript><script src="/challenge.js"></script></body></html>
`;
const PAD = Buffer.alloc(64 * 1024, " ");

/** Waits and then delivers; a client that left in the meantime gets nothing. */
export function deliverAfter(delivery: Delivery, misfortune: Misfortune): void {
  const { response } = delivery;
  if (misfortune.delayMs <= 0) return deliver(delivery, misfortune.fault);
  const timer = setTimeout(() => deliver(delivery, misfortune.fault), misfortune.delayMs);
  response.once("close", () => clearTimeout(timer));
}

function deliver(delivery: Delivery, fault: Misfortune["fault"]): void {
  const { answer } = delivery;
  switch (fault?.kind) {
    case undefined:
      return send(delivery, answer);
    case "hang":
      return hang(delivery);
    case "reset":
      return reset(delivery);
    case "cut":
      return cut(delivery);
    case "cut-json":
      return send(delivery, { ...answer, body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) });
    case "empty":
      return send(delivery, { ...answer, status: 200, body: "" });
    case "huge":
      return void stream(delivery, fault.bytes);
    case "html":
      return send(delivery, {
        status: fault.status,
        contentType: "text/html; charset=UTF-8",
        headers: {},
        body: CHALLENGE,
      });
    case "foreign-429":
      return send(delivery, tooManyRequests(delivery.settings, fault.retryAfterSeconds));
    case "status": {
      const body = fault.body ?? failure(fault.status, "a fault was set in the sandbox").body;
      return send(delivery, { ...fault, body });
    }
    case "body":
      return send(delivery, { ...fault, headers: {} });
  }
}

function send({ response, exchange }: Delivery, answer: Answer): void {
  exchange.answered(answer.status);
  // 204 and 304 have no body by definition, and a length would mislead.
  const hasBody = answer.status !== 204 && answer.status !== 304;
  writeHead(response, answer, hasBody ? Buffer.byteLength(answer.body) : null);
  exchange.done();
  response.end(hasBody ? answer.body : "");
}

function hang({ response, hung }: Delivery): void {
  const { socket } = response;
  if (socket === null) return;
  hung.add(socket);
  response.once("close", () => hung.delete(socket));
}

function reset({ response, exchange }: Delivery): void {
  exchange.done();
  response.socket?.resetAndDestroy();
}

function cut({ response, exchange, answer }: Delivery): void {
  const body = Buffer.from(answer.body);
  exchange.answered(answer.status);
  writeHead(response, answer, Math.max(body.length, 1));
  response.flushHeaders();
  // Only once the half is with the kernel: destroying earlier would throw it away.
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

async function stream({ response, exchange, answer }: Delivery, bytes: number): Promise<void> {
  exchange.answered(answer.status);
  writeHead(response, answer, null);
  try {
    await pipeline(Readable.from(padded(answer.body, bytes), { objectMode: false }), response);
  } catch {
    // The client left before the end, which is what a client that bounds its answers should do.
    response.destroy();
  }
}

/** The body with white space behind its first character, where JSON allows it. */
function* padded(body: string, bytes: number): Generator<Buffer> {
  yield Buffer.from(body.slice(0, 1));
  for (let left = bytes - Buffer.byteLength(body); left > 0; left -= PAD.length) {
    yield PAD.subarray(0, Math.min(left, PAD.length));
  }
  yield Buffer.from(body.slice(1));
}

function writeHead(response: ServerResponse, answer: Answer, length: number | null): void {
  const lengthHeader = length === null ? {} : { "Content-Length": length };
  response.writeHead(answer.status, {
    "Content-Type": answer.contentType,
    ...lengthHeader,
    ...answer.headers,
  });
}
