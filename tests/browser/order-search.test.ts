/** The search for an order: when it asks again, what it keeps, what may be said meanwhile, and what it covered. Without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { signal } from "@preact/signals";
import { SePayError } from "../../src/js/npm/src/edge.ts";
import type { ErrorCode } from "../../src/js/npm/src/edge.ts";
import type { Answer, Asking } from "../../www/src/api.ts";
import type { Rights, Transaction } from "../../www/src/model.ts";
import { Source } from "../../www/src/state/source.ts";
import { isBlind, isTooOld, reachOf, standingOf } from "../../www/src/views/paid/standing.ts";
import { Watch } from "../../www/src/views/paid/watch.ts";

const SEARCHING = { isWhole: false, hasFailed: false, isOutdated: false, isBlind: false };
const FAILED = { isWhole: false, hasFailed: true, isOutdated: false, isBlind: false };
const MINE = "0071000888888";
const WHOLE = { isWhole: true, hasFailed: false, isOutdated: false, isBlind: false };
const OUTDATED = { ...WHOLE, isOutdated: true };

test("not_yet_and_a_part_are_said_only_after_the_search", () => {
  for (const state of ["none", "part"] as const) {
    assert.deepEqual([SEARCHING, FAILED, WHOLE, OUTDATED].map((search) => standingOf(state, search)), ["searching", "unknown", state, "unknown"]);
  }
  for (const state of ["paid", "over", "unseen"] as const) assert.deepEqual([SEARCHING, OUTDATED].map((search) => standingOf(state, search)), [state, state]);
});

test("what_is_known_is_too_old_after_half_a_minute_without_answers_and_after_a_machine_slept", () => {
  assert.deepEqual([30_000, 30_001].map((ageMs) => isTooOld(ageMs, false)), [false, true]);
  assert.deepEqual([61_000, 7_200_000].map((ageMs) => isTooOld(ageMs, true)), [false, true]);
});

test("a_key_is_blind_that_sees_neither_texts_nor_codes", () => {
  const seeing = (...hide: string[]) => isBlind({ scopes: [], accounts: null, fromDays: null, code: null, hide });
  assert.deepEqual([isBlind(null), seeing(), seeing("content"), seeing("code"), seeing("code", "content")], [false, false, false, false, true]);
  assert.equal(standingOf("none", { ...WHOLE, isBlind: true }), "unseen");
  assert.equal(standingOf("paid", { ...WHOLE, isBlind: true }), "paid");
});

test("all_transactions_are_those_of_a_key_without_limits", () => {
  const whole: Rights = { scopes: [], accounts: null, fromDays: null, code: null, hide: [] };
  const limited = { ...whole, accounts: ["0071000888888"] };
  const reaches = (rights: Rights | null) => [reachOf(true, false, rights), reachOf(true, true, rights)];
  assert.deepEqual(reaches(whole), ["all", "allOfAccount"]);
  assert.deepEqual(reaches(limited), ["allSeen", "allOfAccount"]);
  for (const rights of [{ ...whole, fromDays: 30 }, { ...whole, code: "DH001" }, null]) {
    assert.deepEqual(reaches(rights), ["allSeen", "allSeenOfAccount"]);
  }
  assert.deepEqual([reachOf(false, false, whole), reachOf(false, true, whole)], ["newest", "newestOfAccount"]);
});

test("a_search_that_failed_is_asked_again_though_nobody_sees_the_page", async (t) => {
  const shop = shopOf(t, [failure("connection"), failure("timeout"), answer([row("1")])]);
  const end = shop.watch.start();
  await settled();
  assert.deepEqual([shop.asked.length, shop.watch.hasFailed.value], [1, true]);
  await pass(t, 2_000);
  await pass(t, 3_999);
  assert.equal(shop.asked.length, 2, "later each time");
  await pass(t, 1);
  assert.deepEqual([shop.watch.isWhole.value, shop.watch.hasFailed.value], [true, false]);
  await pass(t, 600_000);
  assert.equal(shop.asked.length, 3);
  end();
});

test("what_cannot_pass_is_not_asked_again", async (t) => {
  const shop = shopOf(t, [failure("unreadable"), answer([])]);
  const end = shop.watch.start();
  await settled();
  await pass(t, 600_000);
  assert.equal(shop.asked.length, 1);
  end();
});

test("an_old_answer_is_asked_again_and_is_enough_only_under_live_rows", async (t) => {
  const old = answer([row("1")], { stale: "busy", ageSecs: 200 });
  const shop = shopOf(t, [old, old, answer([row("1")])]);
  const end = shop.watch.start();
  await settled();
  assert.deepEqual([shop.watch.isWhole.value, ids(shop.watch)], [false, ["1"]]);
  shop.live.rows.value = [row("2"), row("1")];
  await pass(t, 2_000);
  assert.equal(shop.watch.isWhole.value, true);
  await pass(t, 4_000);
  assert.deepEqual(shop.asked.map(({ maxAgeSecs }) => maxAgeSecs), [undefined, 1, 1]);
  end();
});

test("an_old_answer_that_ends_before_the_live_rows_begin_is_not_enough", async (t) => {
  const old = answer([row("2"), row("1")], { stale: "down", ageSecs: 30 });
  const shop = shopOf(t, [old, failure("connection"), answer([row("5"), row("4"), row("3"), row("2")])]);
  shop.live.rows.value = [row("5"), row("4")];
  const end = shop.watch.start();
  await settled();
  assert.deepEqual([shop.watch.isWhole.value, shop.watch.hasFailed.value], [false, true]);
  await pass(t, 2_000);
  assert.equal(shop.watch.isWhole.value, false);
  await pass(t, 4_000);
  assert.deepEqual([shop.watch.isWhole.value, ids(shop.watch)], [true, ["5", "4", "3", "2", "1"]]);
  end();
});

test("an_answer_from_memory_that_ends_before_the_live_rows_is_asked_anew_at_once", async (t) => {
  const shop = shopOf(t, [answer([row("1")], { ageSecs: 8 }), answer([row("3"), row("2"), row("1")])]);
  shop.live.rows.value = [row("3")];
  const end = shop.watch.start();
  await settled();
  assert.deepEqual([shop.watch.isWhole.value, shop.watch.hasFailed.value, ids(shop.watch)], [true, false, ["3", "2", "1"]]);
  assert.deepEqual(shop.asked.map(({ maxAgeSecs }) => maxAgeSecs), [undefined, 1]);
  end();
});

test("the_first_live_rows_may_come_too_late_to_meet_what_was_found", async (t) => {
  const shop = shopOf(t, [answer([row("1")]), failure("connection"), answer([row("4"), row("3"), row("2"), row("1")])]);
  const end = shop.watch.start();
  await settled();
  assert.equal(shop.watch.isWhole.value, true);
  shop.live.rows.value = [row("4"), row("3")];
  await settled();
  assert.equal(shop.watch.isWhole.value, false);
  await pass(t, 2_000);
  assert.deepEqual([shop.watch.isWhole.value, ids(shop.watch)], [true, ["4", "3", "2", "1"]]);
  end();
});

for (const [afterMs, asked] of [[9_000, 1], [11_000, 2]] as const) {
  test(`late_live_rows_without_one_of_the_account_say_nothing_of_it_after ${afterMs} ms`, async (t) => {
    const shop = shopOf(t, [answer([row("1", MINE)]), answer([row("2", MINE), row("1", MINE)])], MINE);
    const end = shop.watch.start();
    await settled();
    await pass(t, afterMs);
    shop.live.rows.value = [row("4", "0"), row("3", "0")];
    await settled();
    assert.deepEqual([shop.asked.length, shop.watch.isWhole.value], [asked, true]);
    end();
  });
}

test("live_rows_of_other_accounts_do_not_join_an_old_answer", async (t) => {
  const old = answer([row("1", MINE)], { stale: "down", ageSecs: 30 });
  const shop = shopOf(t, [old, old], MINE);
  shop.live.rows.value = [row("3", "0"), row("2", "0")];
  const end = shop.watch.start();
  await settled();
  assert.equal(shop.watch.isWhole.value, false);
  shop.live.rows.value = [row("4", MINE), row("3", "0"), row("2", "0"), row("1", MINE)];
  await pass(t, 2_000);
  assert.equal(shop.watch.isWhole.value, true);
  end();
});

test("a_gap_is_filled_by_an_answer_from_behind_it", async (t) => {
  const old = answer([row("1")], { stale: "busy", ageSecs: 60 });
  const shop = shopOf(t, [answer([row("1")]), old, answer([row("3"), row("2"), row("1")])]);
  shop.live.rows.value = [row("1")];
  const end = shop.watch.start();
  await settled();
  assert.equal(shop.watch.isWhole.value, true);
  shop.live.rows.value = [row("3")];
  await settled();
  assert.equal(shop.asked.at(-1)?.maxAgeSecs, 1);
  assert.deepEqual([shop.watch.isWhole.value, ids(shop.watch)], [false, ["3", "1"]]);
  await pass(t, 2_000);
  assert.deepEqual([shop.watch.isWhole.value, ids(shop.watch)], [true, ["3", "2", "1"]]);
  end();
});

test("a_watch_that_ended_keeps_nothing_and_asks_nothing", async (t) => {
  const shop = shopOf(t, [answer([row("1")]), failure("connection"), answer([row("2")])]);
  const end = shop.watch.start();
  await settled();
  shop.watch.reach();
  await settled();
  end();
  assert.deepEqual([ids(shop.watch), shop.watch.past.shown.value], [[], null]);
  await pass(t, 600_000);
  assert.equal(shop.asked.length, 2);
  assert.deepEqual(ids(shop.watch), []);
});

/* A shop with these answers, one after the other, on a page that nobody sees. */
function shopOf(t: TestContext, answers: (Answer<Transaction> | SePayError)[], account: string | null = null) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const asked: Asking[] = [];
  const live = { rows: signal<Transaction[]>([]), isComplete: signal(false), watch: () => () => {} };
  const shared = { onTrouble() {}, isAwake: () => false, pausedUntilMs: 0, used: new Set<{ clear(): void }>() };
  const transactions = async (_: object, asking: Asking): Promise<Answer<Transaction>> => {
    const next = answers[asked.length];
    asked.push(asking);
    if (next === undefined || next instanceof SePayError) throw next;
    return next;
  };
  const watch = new Watch({ live, api: { transactions }, source: (question, repeats) => new Source(question, shared, repeats) }, account);
  return { watch, live, asked };
}

function answer(rows: Transaction[], rest: Partial<Answer<Transaction>> = {}): Answer<Transaction> {
  return { rows, complete: false, ageSecs: 0, stale: false, ...rest };
}

function failure(code: ErrorCode): SePayError {
  return new SePayError({ code, message: code });
}

function row(id: string, accountNumber: string | null = null): Transaction {
  return { id, accountNumber, occurredAt: `2026-11-21T09:00:0${id}+07:00` } as Transaction;
}

function ids(watch: Watch): string[] {
  return watch.rows.value.map(({ id }) => id);
}

async function pass(t: TestContext, ms: number): Promise<void> {
  t.mock.timers.tick(ms);
  await settled();
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
