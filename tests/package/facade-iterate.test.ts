// Walking through the sandbox's rows: each once, ascending, none lost, however often it is stopped.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

import type { SePay } from "../../src/js/npm/src/index.ts";
import type { Transaction, TransactionIterateParams } from "../../src/js/npm/src/types.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { transactionJson } from "../worker/expected.ts";
import { errorOf, withClient } from "./facade-client.ts";

/** Walks, and stops after so many rows. */
async function walked(sepay: SePay, params: TransactionIterateParams, most = Infinity): Promise<Transaction[]> {
  const rows: Transaction[] = [];
  for await (const row of sepay.transactions.iterate(params)) {
    rows.push(row);
    if (rows.length >= most) break;
  }
  return rows;
}

function expected(sandbox: Sandbox, after = 0): ReturnType<typeof transactionJson>[] {
  return sandbox.data().transactions.filter(({ id }) => id > after).map(transactionJson);
}

for (const order of ["newest-first", "oldest-first"] as const) {
  test(`all 12,000 rows come once and ascending from a SePay that sends ${order}`, async () => {
    await withClient({ settings: { order } }, async ({ sandbox, sepay }) => {
      assert.deepEqual(await walked(sepay, {}), expected(sandbox));
      assert.equal(sandbox.counters().violations, 0);
    });
  });
}

test("a walk that is stopped again and again, through faults and late rows, misses nothing and repeats nothing", async (t) => {
  t.mock.method(Math, "random", () => 0);
  await withClient({ settings: { seed: 7 } }, async ({ sandbox, sepay }) => {
    const start = Number(sandbox.data().transactions.at(-1_500)?.id);
    const ids: string[] = [];
    const faults = [{ kind: "status", status: 500 }, { kind: "cut" }, { kind: "reset" }, { kind: "cut-json" }] as const;
    for (let turn = 0; turn < 40; turn++) {
      const fault = faults[turn % 5];
      if (fault) sandbox.addFault({ ...fault, count: 1 });
      // Late rows: a new id, an old date.
      if (turn < 20) sandbox.addTransaction({ accountNumber: "0071000888888", amountIn: turn + 1, content: "late", occurredAt: "2026-11-18 08:00:00" });
      try {
        const sinceId = ids.at(-1) ?? start;
        for (const row of await walked(sepay, { sinceId, limit: 400 }, 1 + ((turn * 37) % 150))) ids.push(row.id);
      } catch (error) {
        assert.equal((error as { code?: string }).code, "unreadable", String(error));
      }
    }
    for (const row of await walked(sepay, { sinceId: ids.at(-1) })) ids.push(row.id);
    assert.deepEqual(ids, expected(sandbox, start).map(({ id }) => id));
  });
});

test("a walk keeps to its filters", async () => {
  await withClient({}, async ({ sandbox, sepay }) => {
    const [account, from] = ["0071000888888", "2026-11-01"];
    const rows = await walked(sepay, { account, from, to: new Date("2026-11-10T00:00:00+07:00"), limit: 50 });
    const due = expected(sandbox).filter((row) => row.accountNumber === account && row.occurredAt >= from && row.occurredAt <= "2026-11-10T00:00:00");
    assert.ok(due.length > 60, `${due.length} rows`);
    assert.deepEqual(rows, due);
  });
});

test("who stops early leaves nothing behind, and a consumer's own error comes through", async () => {
  await withClient({}, async ({ sandbox, sepay }) => {
    const { signal } = new AbortController();
    const fault = new Error("mine");
    const consume = async (): Promise<void> => {
      for await (const row of sepay.transactions.iterate({ limit: 5000 }, { signal })) {
        assert.ok(row.id);
        throw fault;
      }
    };
    await assert.rejects(consume(), fault);
    const { requests } = sandbox.counters();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(sandbox.counters().requests, requests);
    assert.deepEqual(getEventListeners(signal, "abort"), []);
    const rows = sepay.transactions.iterate();
    await rows.return();
    assert.deepEqual(await rows.next(), { done: true, value: undefined });
    assert.equal(sandbox.counters().requests, requests);
  });
});

test("an abort ends a walk between rows and within a request", async () => {
  await withClient({}, async ({ sandbox, sepay }) => {
    const between = new AbortController();
    const rows = sepay.transactions.iterate({ sinceId: expected(sandbox).at(-9)?.id }, { signal: between.signal });
    assert.equal((await rows.next()).done, false);
    between.abort("enough");
    assert.equal((await errorOf(rows.next())).cause, "enough");
    assert.deepEqual(await rows.next(), { done: true, value: undefined });

    sandbox.addFault({ kind: "hang", count: 1 });
    const within = new AbortController();
    const next = errorOf(sepay.transactions.iterate({}, { signal: within.signal }).next());
    setImmediate(() => within.abort());
    assert.equal((await next).name, "AbortError");
  });
});

test("an error ends a walk, and another walk goes on from the last row", async () => {
  await withClient({ options: { maxRetries: 0 } }, async ({ sandbox, sepay }) => {
    sandbox.addFault({ kind: "status", status: 403, count: 1 });
    const rows = sepay.transactions.iterate();
    assert.equal((await errorOf(rows.next())).code, "forbidden");
    assert.equal((await rows.next()).done, true);
    const sinceId = expected(sandbox).at(-3)?.id;
    assert.deepEqual(await walked(sepay, { sinceId }), expected(sandbox).slice(-2));
    assert.deepEqual(await walked(sepay, { sinceId: expected(sandbox).at(-1)?.id }), []);
  });
});
