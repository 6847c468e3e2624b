import assert from "node:assert/strict";
import { test } from "node:test";
import { get } from "./call.ts";
import { startSandbox } from "./server.ts";
import type { Sandbox, SandboxOptions } from "./server.ts";

const COUNT = "/userapi/bankaccounts/count";

/** Runs with a clock that the test moves, so that a second passes at once. */
async function withClock(
  options: Partial<SandboxOptions>,
  run: (
    sandbox: Sandbox,
    at: (ms: number, target?: string, token?: string) => Promise<number>,
  ) => Promise<void>,
): Promise<void> {
  let nowMs = 0;
  const sandbox = await startSandbox({ ...options, clock: () => nowMs });
  const at = async (ms: number, target = COUNT, token = sandbox.token): Promise<number> => {
    nowMs = ms;
    return (await get(sandbox, target, { headers: { Authorization: `Bearer ${token}` } })).status;
  };
  try {
    await run(sandbox, at);
  } finally {
    await sandbox.close();
  }
}

test("the_third_request_within_a_second_is_429_and_counts_against_the_next", async () => {
  await withClock({}, async (sandbox, at) => {
    assert.deepEqual([await at(0), await at(500), await at(999)], [200, 200, 429]);
    assert.equal(await at(1000), 429, "500 and the refused 999 are in its window");
    assert.deepEqual([await at(2000), await at(2000.5)], [200, 200]);
    const { violations, maxPerSecond, requests, byStatus } = sandbox.counters();
    assert.deepEqual({ violations, maxPerSecond, requests }, { violations: 2, maxPerSecond: 3, requests: 6 });
    assert.deepEqual(byStatus, { 200: 4, 429: 2 });
    assert.deepEqual(
      sandbox.arrivals().map(({ atMs }) => atMs),
      [0, 500, 999, 1000, 2000, 2000.5],
    );
    assert.equal(sandbox.maxInWindow(500), 2);
  });
});

test("exactly_a_second_apart_is_allowed", async () => {
  await withClock({ requestsPerSecond: 1 }, async (_sandbox, at) => {
    assert.deepEqual([await at(0), await at(1000), await at(1999.9)], [200, 200, 429]);
  });
});

test("a_429_names_the_seconds_in_the_header_of_the_settings", async () => {
  await withClock({ requestsPerSecond: 1 }, async (sandbox, at) => {
    await at(0);
    const first = await get(sandbox, COUNT);
    assert.equal(first.status, 429);
    assert.equal(first.headers.get("x-sepay-userapi-retry-after"), "1");
    assert.equal(first.headers.get("retry-after"), null);
    assert.equal(first.text, `{"status":429,"error":429,"messages":{"error":"too many requests"}}`);
    sandbox.configure({ retryAfterHeader: "retry-after" });
    const second = await get(sandbox, COUNT);
    assert.equal(second.headers.get("retry-after"), "1");
    assert.equal(second.headers.get("x-sepay-userapi-retry-after"), null);
  });
});

test("the_limit_is_by_token_or_by_address", async () => {
  await withClock({ requestsPerSecond: 1, authFailure: "401" }, async (sandbox, at) => {
    assert.deepEqual([await at(0), await at(1, COUNT, "other"), await at(2)], [200, 401, 429]);
    sandbox.reset(["counters"]);
    sandbox.configure({ limitBy: "ip" });
    assert.deepEqual([await at(0), await at(1, COUNT, "other"), await at(1000.5)], [200, 429, 429]);
  });
});

test("other_tokens_are_identities_of_their_own", async () => {
  await withClock({ requestsPerSecond: 1, otherTokens: ["other"] }, async (sandbox, at) => {
    assert.deepEqual([await at(0), await at(1, COUNT, "other"), await at(2, COUNT, "third")], [200, 200, 401]);
    assert.deepEqual([await at(3, COUNT, "other"), sandbox.counters().violations], [429, 1]);
  });
  await assert.rejects(startSandbox({ otherTokens: ["a b"] }), /token/);
});

test("a_wrong_token_spends_budget_and_is_refused_before_it_is_read", async () => {
  await withClock({ requestsPerSecond: 1 }, async (sandbox, at) => {
    assert.deepEqual([await at(0, COUNT, "wrong"), await at(1, COUNT, "wrong")], [401, 429]);
    assert.equal(sandbox.counters().unauthorized, 1);
  });
});

test("control_routes_and_foreign_paths_spend_no_budget", async () => {
  await withClock({ requestsPerSecond: 1 }, async (sandbox, at) => {
    assert.deepEqual(
      [await at(0, "/_sandbox/counters"), await at(0, "/favicon.ico"), await at(0)],
      [200, 404, 200],
    );
    assert.equal(sandbox.arrivals().length, 1);
    assert.equal(sandbox.counters().requests, 2);
  });
});

test("a_reset_of_the_counters_forgets_arrivals", async () => {
  await withClock({ requestsPerSecond: 1 }, async (sandbox, at) => {
    assert.deepEqual([await at(0), await at(1)], [200, 429]);
    sandbox.reset(["counters"]);
    assert.equal(await at(2), 200);
    assert.equal(sandbox.counters().violations, 0);
    assert.equal(sandbox.counters().maxPerSecond, 1);
  });
});

test("the_real_clock_refuses_a_burst", async (t) => {
  const sandbox = await startSandbox({ requestsPerSecond: 3 });
  t.after(() => sandbox.close());
  const statuses = await Promise.all(
    Array.from({ length: 9 }, () => get(sandbox, COUNT).then(({ status }) => status)),
  );
  assert.deepEqual(statuses.sort(), [200, 200, 200, 429, 429, 429, 429, 429, 429]);
  assert.equal(sandbox.counters().violations, 6);
  assert.equal(sandbox.counters().maxPerSecond, 9);
});
