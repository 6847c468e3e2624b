/**
 * A network in front of the sandbox: a request arrives there some time after it was sent, even if its sender is dead by
 * then, as on a real one. (The sandbox's own latency delays answers only.)
 */
import { once } from "node:events";
import { createServer, request as send } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Sandbox } from "../sandbox/server.ts";

/** A network that works. */
export interface Network {
  /** The sandbox's address as seen through it. */
  readonly url: string;
  /** How many requests have been sent and have not arrived. */
  underWay(): number;
  /** Resolves when the next request is sent. */
  untilSent(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a network in which each request takes as long as `delayMs` says, in milliseconds. */
export async function startNetwork(sandbox: Sandbox, delayMs: () => number): Promise<Network> {
  const travellers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    const traveller = setTimeout(() => {
      travellers.delete(traveller);
      arrive(sandbox, request, response);
    }, delayMs());
    travellers.add(traveller);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    underWay: () => travellers.size,
    untilSent: async () => void (await once(server, "request")),
    close: () =>
      new Promise((resolve) => {
        for (const traveller of travellers) clearTimeout(traveller);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function arrive(sandbox: Sandbox, { url = "", method, headers }: IncomingMessage, response: ServerResponse): void {
  const arrived = send(`${sandbox.url}${url}`, { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  arrived.on("error", () => response.destroy());
  arrived.end();
}
