/**
 * Bad days, from issue 3: an answer larger than the bound, more answers than memory, SePay down. Each on a site of its
 * own; design, section 5.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { FaultInput } from "../sandbox/faults.ts";
import { until } from "../until.ts";
import { assertProblem, assertSomeProblem } from "./problem.ts";
import { ASKED, FRESH, STALE_BUSY, STALE_DOWN, assertServed, callsFor, serve } from "./served.ts";
import { startSite } from "./site.ts";
import type { GateStatus, Site } from "./site.ts";

/** The largest answer that is taken, in bytes. */
const BOUND_BYTES = 8 * 1024 * 1024;

/** The most that the answers of a gate may take, in bytes. */
const CACHE_BYTES = 32 * 1024 * 1024;

function onSite(name: string, requestsPerSecond: number, body: (site: Site) => Promise<void>): void {
  test(name, async () => {
    const site = await startSite({
      bindings: { SEPAY_REQUESTS_PER_SECOND: String(requestsPerSecond) },
      sandbox: { requestsPerSecond },
    });
    try {
      await body(site);
      assert.equal(site.sandbox.counters().violations, 0);
    } finally {
      await site.close();
    }
  });
}

describe("bad days", { concurrency: true }, () => {
  onSite("an_answer_larger_than_the_bound_is_an_error_and_frees_slot_and_memory", 2, async (site) => {
    for (let index = 1; index <= 10; index += 1) {
      site.sandbox.addFault({ kind: "huge", bytes: index === 10 ? 200_000_000 : BOUND_BYTES + 1, path: `limit=${index}` });
      const huge = await serve(site, `/api/transactions?limit=${index}`);
      assertProblem(huge.reply, "upstream_unreadable");
      assert.ok(huge.tookMs < 6000, `${huge.tookMs} ms`);
    }
    site.sandbox.clearFaults();
    // Eight seconds and one more, were a slot held until the timeout.
    const next = await serve(site, "/api/accounts/18");
    assertServed(next, ASKED);
    assert.ok(next.tookMs < 3000, `${next.tookMs} ms`);
    assert.equal((await site.status()).cache.entries, 1, "something of it was kept");
    const list = await site.read<{ data: unknown[] }>("/api/transactions?limit=5000");
    assert.equal(list.data.length, 5000);
    assert.equal(callsFor(site, "").length, 12, "a huge answer was asked for again");
  });

  onSite("an_answer_as_large_as_the_bound_is_taken", 50, async (site) => {
    site.sandbox.addFault({ kind: "huge", bytes: BOUND_BYTES });
    for (const path of ["/api/accounts", "/userapi/bankaccounts/list?limit=3"]) {
      assert.equal((await serve(site, path)).reply.status, 200, path);
    }
  });

  onSite("sixty_four_megabytes_of_answers_stay_within_the_bound_and_the_oldest_go", 50, async (site) => {
    const limits = Array.from({ length: 40 }, (_, index) => 5000 - index);
    const path = (limit: number | undefined): string => `/api/transactions?limit=${limit}`;
    let most = 0;
    for (const limit of limits) {
      assert.equal((await serve(site, path(limit))).reply.status, 200);
      const { bytes } = (await site.status()).cache;
      assert.ok(bytes <= CACHE_BYTES, `${bytes} bytes`);
      most = Math.max(most, bytes);
    }
    assert.ok(most > CACHE_BYTES * 0.8, `no more than ${most} bytes were ever kept`);
    const { entries } = (await site.status()).cache;
    assert.ok(entries >= 10 && entries < 30, `${entries} answers`);
    // What SePay cannot be asked for any more is served only where it is known.
    site.sandbox.addFault({ kind: "html", status: 403 });
    const fates = await Promise.all([0, 1, 2, 37, 38, 39].map((index) => serve(site, path(limits[index]))));
    assert.deepEqual(fates.map(({ reply }) => reply.status), [502, 502, 502, 200, 200, 200]);
  });

  // Not by resets: workerd then repeats a request by itself, and SePay, answering 429, is not down.
  for (const kind of ["status", "hang"] as const) {
    onSite(`SePay is down: ${kind}`, 10, async (site) => {
      const paths = ["/api/transactions?limit=5", "/userapi/transactions/list?limit=5", "/api/accounts/18"];
      const first = await Promise.all(paths.map((path) => site.ask(path)));
      site.sandbox.addFault((kind === "status" ? { kind, status: 500 } : { kind }) as FaultInput);
      const down = { over: false };
      const callers = [...paths.map((path, index) => visit(site, path, first[index]?.text ?? "", down)), ask(site, down)];
      const outage = outageAndReturn(site, paths[0] ?? "").finally(() => (down.over = true));
      for (const fate of await Promise.allSettled([outage, ...callers])) {
        if (fate.status === "rejected") throw fate.reason;
      }
      assert.deepEqual((await site.status()).breaker, { open: false, timesOpened: 1 });
    });
  }
});

/** Watches the gate while SePay is down, brings SePay back, and waits for a fresh answer. */
async function outageAndReturn(site: Site, path: string): Promise<void> {
  // What was sent before counts for its whole timeout.
  const isOpen = ({ breaker, queue }: GateStatus) => breaker.open && queue.inFlight <= 1;
  await until(async () => isOpen(await site.status()), "an open breaker");
  const openedMs = performance.now();
  const before = site.sandbox.counters().requests;
  await delay(6000);
  assert.equal((await site.status()).breaker.open, true, "it closed while SePay was down");
  const probes = site.sandbox.counters().requests - before;
  const most = Math.ceil((performance.now() - openedMs) / 1000) + 1;
  assert.ok(probes >= 1 && probes <= most, `${probes} probes, and ${most} would be the most`);
  const stale = await serve(site, path);
  assertServed(stale, STALE_DOWN);
  site.sandbox.clearFaults();
  const backMs = performance.now();
  await until(async () => {
    const { words } = await serve(site, path);
    return ASKED.test(words) || FRESH.test(words);
  }, "a fresh answer");
  // A probe a second, the refresh behind it, and a slow machine.
  assert.ok(performance.now() - backMs < 3500, `fresh again after ${performance.now() - backMs} ms`);
}

/** Reads a known answer all the time: it must be there, and say how stale it is. */
async function visit(site: Site, path: string, text: string, down: { over: boolean }): Promise<void> {
  while (!down.over) {
    const served = await serve(site, path);
    assert.equal(served.reply.status, 200, `${path}: ${served.reply.text.slice(0, 300)}`);
    assert.ok(served.reply.text === text, `${path} has changed`);
    if (served.ageMs > 11_000) assert.match(served.words, served.words.includes("busy") ? STALE_BUSY : STALE_DOWN);
    await delay(100);
  }
}

/** Asks what is not known: an error, and never for longer than the caller waits. */
async function ask(site: Site, down: { over: boolean }): Promise<void> {
  for (let id = 1000; !down.over; id += 1) {
    const { reply, tookMs } = await serve(site, `/api/accounts/${id}`, { headers: { Prefer: "wait=3" } });
    // A slow machine adds to it; a question to SePay alone would take its timeout of 8 s.
    assert.ok(tookMs < 7500, `${tookMs} ms`);
    if (reply.status !== 404) assert.ok(assertSomeProblem(reply).code.startsWith("upstream_"));
    await delay(100);
  }
}
