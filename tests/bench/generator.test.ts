/**
 * The load generator against servers whose behaviour is known. Times are asserted from below only: a server that holds
 * an answer makes it late however fast the machine is.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { createServer as createRawServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { runLoad } from "./generator/load.ts";
import { Malformed, Reader, headerIn } from "./generator/reader.ts";
import { distributionOf } from "./generator/samples.ts";

const QUESTIONS = [{ path: "/" }];
/** Timers may fire a little early. */
const EARLY_MS = 2;

async function listening(context: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function serve(context: TestContext, listener: RequestListener): Promise<string> {
  return listening(context, createServer({ keepAliveTimeout: 60_000 }, listener));
}

/** A server that writes these bytes whenever bytes come, and then does something with the connection. */
function serveRaw(context: TestContext, bytes: string, then: (socket: Socket) => void = () => {}): Promise<string> {
  const server = createRawServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => socket.write(bytes, () => then(socket)));
  });
  return listening(context, server);
}

test("an open load sends as many as planned and counts the delay of each", async (context) => {
  const delayMs = 20;
  const origin = await serve(context, (_request, response) => void setTimeout(() => response.end("ok"), delayMs));
  const mode = { kind: "open", ratePerSecond: 250, count: 250 } as const;
  const report = await runLoad({ origin, connections: 64, mode, questions: QUESTIONS });
  assert.deepEqual([report.sent, report.answered, report.unsent, report.errors], [250, 250, 0, 0]);
  assert.deepEqual(report.statuses, { 200: 250 });
  assert.ok(report.latencyMs.p50 >= delayMs - EARLY_MS, `${report.latencyMs.p50} ms`);
  assert.equal(report.latencyMs.samples, 250);
});

test("the rate is held within 2 %", async (context) => {
  const origin = await serve(context, (_request, response) => void response.end("ok"));
  const ratePerSecond = 300;
  const mode = { kind: "open", ratePerSecond, count: 900 } as const;
  const rates: number[] = [];
  // A busy machine may hold the first or the last request back; a wrong rate would be wrong every time.
  while (rates.length < 4 && !rates.some((rate) => Math.abs(rate / ratePerSecond - 1) < 0.02)) {
    rates.push((await runLoad({ origin, connections: 64, mode, questions: QUESTIONS })).sentPerSecond);
  }
  assert.ok(Math.abs((rates.at(-1) ?? 0) / ratePerSecond - 1) < 0.02, `${rates.join(", ")} a second`);
});

test("a stall is charged to every request that was due meanwhile", async (context) => {
  const stallMs = 600;
  const ratePerSecond = 200;
  let count = 0;
  let held: Promise<void> | null = null;
  const origin = await serve(context, async (_request, response) => {
    count += 1;
    if (count === 100) held = new Promise((resolve) => setTimeout(resolve, stallMs));
    await held;
    response.end("ok");
  });
  const mode = { kind: "open", ratePerSecond, count: 600 } as const;
  const report = await runLoad({ origin, connections: 2, mode, questions: QUESTIONS });
  assert.equal(report.answered, 600);
  // Two connections: a closed loop would have seen two slow answers of 600, and a p99 of nothing.
  assert.ok(report.latencyMs.max >= stallMs - EARLY_MS, `max ${report.latencyMs.max} ms`);
  // 120 requests were due during the stall: a tenth of the 600 waited for nearly half of it.
  assert.ok(report.latencyMs.p90 >= stallMs / 3, `p90 ${report.latencyMs.p90} ms`);
  assert.ok(report.lagMs.p90 >= stallMs / 3, `lag ${report.lagMs.p90} ms`);
});

test("a closed load keeps every connection busy and no more", async (context) => {
  let [open, most] = [0, 0];
  const origin = await serve(context, (_request, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => response.end("x".repeat(100_000), () => (open -= 1)), 5);
  });
  const report = await runLoad({ origin, connections: 7, mode: { kind: "closed", durationMs: 300 }, questions: QUESTIONS });
  assert.ok(report.sent >= 7);
  assert.equal(report.answered, report.sent);
  assert.equal(report.bodyBytes, 100_000 * report.answered);
  assert.ok(most <= 7, `${most} at once`);
});

test("what finds no free connection in time is unsent, an error, and in the distribution", async (context) => {
  const origin = await serve(context, () => {});
  const mode = { kind: "open", ratePerSecond: 100, count: 50, drainMs: 100 } as const;
  const report = await runLoad({ origin, connections: 3, mode, questions: QUESTIONS, timeoutMs: 1000 });
  assert.deepEqual([report.sent, report.answered, report.unsent], [3, 0, 47]);
  assert.deepEqual(report.faults, { timeout: 3 });
  assert.equal(report.errors, 50);
  assert.equal(report.latencyMs.samples, 50);
});

test("a burst is due all at once", async (context) => {
  const waiting: (() => void)[] = [];
  const origin = await serve(context, (_request, response) => {
    waiting.push(() => response.end("ok"));
    if (waiting.length === 300) for (const answer of waiting) answer();
  });
  const mode = { kind: "open", ratePerSecond: Number.POSITIVE_INFINITY, count: 300 } as const;
  const report = await runLoad({ origin, connections: 300, mode, questions: QUESTIONS });
  assert.deepEqual([report.answered, report.errors], [300, 0]);
});

test("statuses are counted one by one; 304 is good", async (context) => {
  const origin = await serve(context, (request, response) => {
    response.statusCode = Number(request.url?.slice(1));
    response.end();
  });
  const questions = [200, 204, 304, 429, 503].map((status) => ({ path: `/${status}` }));
  const mode = { kind: "open", ratePerSecond: 500, count: 10 } as const;
  const report = await runLoad({ origin, connections: 4, mode, questions });
  assert.deepEqual(report.statuses, { 200: 2, 204: 2, 304: 2, 429: 2, 503: 2 });
  assert.deepEqual([report.answered, report.errors, report.latencyMs.samples], [10, 4, 6]);
});

for (const [name, bytes] of [
  ["half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"],
  ["half a head", "HTTP/1.1 200 OK\r\nContent-Le"],
  ["half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"],
] as const) {
  test(`${name} and a closed connection is a cut`, async (context) => {
    const origin = await serveRaw(context, bytes, (socket) => socket.destroySoon());
    const mode = { kind: "open", ratePerSecond: 100, count: 5 } as const;
    const report = await runLoad({ origin, connections: 1, mode, questions: QUESTIONS });
    assert.deepEqual([report.sent, report.answered, report.errors], [5, 0, 5]);
    assert.deepEqual(report.faults, { cut: 5 });
  });
}

test("a wrong answer is malformed and does not end the load", async (context) => {
  const origin = await serveRaw(context, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok!");
  const mode = { kind: "open", ratePerSecond: 100, count: 5 } as const;
  const report = await runLoad({ origin, connections: 1, mode, questions: QUESTIONS });
  assert.deepEqual(report.faults, { malformed: 5 });
});

test("what comes unasked is malformed too", async (context) => {
  const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  const origin = await serveRaw(context, ok, (socket) => void setTimeout(() => socket.write("!"), 20));
  const mode = { kind: "open", ratePerSecond: 5, count: 3 } as const;
  const report = await runLoad({ origin, connections: 1, mode, questions: QUESTIONS });
  assert.ok((report.faults.malformed ?? 0) >= 1, JSON.stringify(report));
});

test("a server that is not there is an error", async (context) => {
  const server = createServer();
  const origin = await listening(context, server);
  await new Promise((resolve) => server.close(resolve));
  const mode = { kind: "open", ratePerSecond: 100, count: 5 } as const;
  await assert.rejects(runLoad({ origin, connections: 1, mode, questions: QUESTIONS, openWithinMs: 200 }), /0 of 1 connections/);
});

test("questions are drawn by their weights, the same for the same seed", async (context) => {
  const seen: string[] = [];
  const origin = await serve(context, (request, response) => {
    seen.push(request.url ?? "");
    response.end();
  });
  const questions = ["/a", "/b", "/never"].map((path) => ({ path }));
  const plan = { origin, connections: 1, questions, weights: [3, 1, 0], seed: 7 };
  const mode = { kind: "open", ratePerSecond: Number.POSITIVE_INFINITY, count: 400 } as const;
  await runLoad({ ...plan, mode });
  const first = seen.splice(0);
  await runLoad({ ...plan, mode });
  assert.deepEqual(seen, first);
  const share = first.filter((path) => path === "/a").length / 400;
  assert.ok(share > 0.68 && share < 0.82, `${share}`);
  assert.ok(!first.includes("/never"));
});

test("a collector sees headers, the start of the body and the times", async (context) => {
  const origin = await serve(context, (_request, response) => {
    response.setHeader("Age", "3");
    response.setHeader("Cache-Status", "edge; hit");
    response.end(`{"data":[{"id":"42"}]}`);
  });
  const module = `data:text/javascript,${encodeURIComponent(`
    export default (options) => {
      const seen = [];
      return {
        answered: (a) => seen.push([options, a.question, a.status, a.header("age"), a.header("cache-status"), a.bodyStart, a.doneMs > a.dueMs]),
        result: () => seen,
      };
    };`)}`;
  const mode = { kind: "open", ratePerSecond: 100, count: 1 } as const;
  const report = await runLoad({ origin, connections: 1, mode, questions: QUESTIONS, collector: { module, options: "x" } });
  assert.deepEqual(report.collected, [["x", 0, 200, "3", "edge; hit", `{"data":[{"id":"42"}]}`, true]]);
});

test("answers are read the same however the bytes are split", () => {
  const texts = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n",
  ];
  for (const text of texts) {
    for (let split = 1; split < text.length; split += 1) {
      const reader = new Reader();
      assert.equal(reader.push(Buffer.from(text.slice(0, split))), null);
      const answer = reader.push(Buffer.from(text.slice(split)));
      assert.deepEqual([answer?.status, answer?.bodyStart, answer?.bodyBytes], [200, "hello", 5]);
    }
  }
});

test("what no server may send is malformed", () => {
  const bad = [
    "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno header\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
  ];
  for (const text of bad) assert.throws(() => new Reader().push(Buffer.from(text)), Malformed, text);
});

test("the last of repeated headers is read, without regard to case", () => {
  assert.equal(headerIn("Age: 1\r\nAGE:  2 \r\n", "age"), "2");
  assert.equal(headerIn("Age: 1\r\n", "etag"), undefined);
});

test("percentiles are measured values, by nearest rank", () => {
  const hundred = distributionOf(Array.from({ length: 100 }, (_, index) => 100 - index));
  assert.deepEqual([hundred.p50, hundred.p90, hundred.p99, hundred.p999, hundred.max, hundred.mean], [50, 90, 99, 100, 100, 50.5]);
  assert.deepEqual(distributionOf([]), { samples: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
});
