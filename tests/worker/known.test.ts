/**
 * What is known is shared, and each caller's rights are not: both forms, keys with other accounts, keys whose time is
 * over. And the validators of an answer: `ETag`, 304, HEAD. Design, sections 5 and 7; RFC 9110, 13.1.2 and 15.4.5.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { AccountJson, List, TransactionJson } from "./expected.ts";
import { assertProblem } from "./problem.ts";
import { sendRaw } from "./raw.ts";
import { assertKnown, assertServed, callsFor, serve } from "./served.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const MB = "edge_test_key_of_one_account";
const TWO = "edge_test_key_of_two_accounts";
const NO_ACCOUNTS = "edge_test_key_without_accounts_read";
const SHORT = "edge_test_key_that_expires_soon";
const ONE_OF_TWO = "0071000888888";
const NUMBERS: Readonly<Record<string, readonly string[]>> = { [MB]: [ONE_OF_TWO], [TWO]: [ONE_OF_TWO, "0900112233"] };

describe("a known answer, whoever asks", { concurrency: true }, () => {
  let site: Site;
  let expiresMs = 0;

  before(async () => {
    expiresMs = Date.now() + 6000;
    site = await startSite({
      keys: [
        ...Object.entries(NUMBERS).map(([key, accounts], index) => keyEntry(key, { id: `limited${index}`, accounts })),
        keyEntry(NO_ACCOUNTS, { id: "transactions", scopes: ["transactions:read"] }),
        keyEntry(SHORT, { id: "short", expires: new Date(expiresMs).toISOString() }),
      ],
    });
  });
  after(() => site?.close());

  test("an_expired_key_is_refused_though_the_answer_is_known", async () => {
    const id = site.sandbox.data().transactions.at(-1)?.id;
    for (const path of [`/api/transactions/${id}`, `/userapi/transactions/details/${id}`]) {
      assert.equal((await serve(site, path, { key: SHORT })).reply.status, 200);
    }
    await delay(expiresMs - Date.now());
    for (const path of [`/api/transactions/${id}`, `/userapi/transactions/details/${id}`]) {
      assertProblem((await serve(site, path, { key: SHORT })).reply, "unauthorized");
      assertServed(await serve(site, path), /^hit; ttl=5\d\d$/);
    }
    assert.equal(callsFor(site, `details/${id}`).length, 1);
  });

  test("both_forms_are_one_call_and_each_says_it_in_its_own_words", async () => {
    const paths = ["/api/transactions?limit=41", "/userapi/transactions/list?limit=41"];
    const [ours, sepays] = await Promise.all(paths.map((path) => site.read<Record<string, unknown[]>>(path, { cached: true })));
    assert.equal(callsFor(site, "limit=41").length, 1);
    assert.deepEqual([ours?.data?.length, sepays?.transactions?.length], [41, 41]);
    const again = await Promise.all(paths.map((path) => serve(site, path)));
    assertKnown(again);
    assert.notEqual(again[0]?.reply.headers.get("etag"), again[1]?.reply.headers.get("etag"));
  });

  test("keys_of_other_accounts_share_a_call_and_never_a_row", async () => {
    site.sandbox.addFault({ kind: "latency", ms: 500, path: "accumulated_max=999999999991" });
    const path = "/api/accounts?balanceMax=999999999991";
    const [one, two] = await Promise.all([MB, TWO].map((key) => site.read<List<AccountJson>>(path, { key, cached: true })));
    assert.deepEqual(one?.data.map((row) => row.accountNumber), NUMBERS[MB]);
    assert.deepEqual(two?.data.map((row) => row.accountNumber).toSorted(), NUMBERS[TWO]);
    assert.equal(callsFor(site, "999999999991").length, 1);
    for (let round = 0; round < 3; round += 1) {
      for (const [key, numbers] of Object.entries(NUMBERS)) {
        const { data } = await site.read<List<AccountJson>>(path, { key, cached: true });
        assert.deepEqual(data.map((row) => row.accountNumber).toSorted(), numbers);
      }
    }
  });

  test("the_question_of_one_account_is_the_same_question_for_every_key", async () => {
    const paths = [
      [KEY, `/api/transactions?account=${ONE_OF_TWO}&limit=42`],
      [MB, "/api/transactions?limit=42"],
      [TWO, `/userapi/transactions/list?account_number=${ONE_OF_TWO}&limit=42`],
    ] as const;
    for (const [key, path] of paths) assert.equal((await serve(site, path, { key })).reply.status, 200);
    const calls = callsFor(site, "limit=42");
    assert.equal(calls.length, 1, calls.map((call) => call.target).join(" "));
  });

  test("a_merged_list_of_known_parts_holds_its_own_accounts_only", async () => {
    for (const number of NUMBERS[TWO] ?? []) {
      await serve(site, `/api/transactions?account=${number}&limit=43`);
    }
    const { data } = await site.read<List<TransactionJson>>("/api/transactions?limit=43", { key: TWO, cached: true });
    assert.equal(data.length, 43);
    assert.ok(data.every((row) => NUMBERS[TWO]?.includes(row.accountNumber)));
    assert.equal(callsFor(site, "limit=43").length, 2);
  });

  test("a_known_record_is_forbidden_to_whoever_may_not_see_it", async () => {
    const foreign = site.sandbox.data().transactions.findLast((row) => row.accountNumber !== ONE_OF_TWO);
    const paths = [`/api/transactions/${foreign?.id}`, `/userapi/transactions/details/${foreign?.id}`, "/api/accounts/18", "/userapi/bankaccounts/details/18"];
    for (const path of paths) assert.equal((await serve(site, path)).reply.status, 200);
    const etag = (await serve(site, paths[0] ?? "")).reply.headers.get("etag") ?? "";
    for (const path of paths) {
      for (const headers of [{}, { "If-None-Match": "*" }, { "If-None-Match": etag }]) {
        const { reply } = await serve(site, path, { key: MB, headers });
        assertProblem(reply, "forbidden");
        assert.equal(reply.headers.get("etag"), null);
      }
    }
    assertProblem((await serve(site, "/api/accounts/18", { key: NO_ACCOUNTS })).reply, "forbidden");
    assertProblem((await serve(site, "/api/accounts/18", { key: null })).reply, "unauthorized");
  });
});

describe("validators", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    site = await startSite();
  });
  after(() => site?.close());

  for (const path of ["/api/transactions?to=2026-11-18", "/userapi/transactions/list?transaction_date_max=2026-11-18", "/api/accounts/18", "/api/accounts/count"]) {
    test(`${path} has a strong ETag and answers 304 with the same headers and no body`, async () => {
      const { reply: whole } = await serve(site, path);
      const etag = whole.headers.get("etag") ?? "";
      assert.match(etag, /^"[!#-~]+"$/);
      for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const same = await sendRaw(site.url, `GET ${path} HTTP/1.1`, [`Authorization: Bearer ${KEY}`, `If-None-Match: ${condition}`]);
        assert.deepEqual([same.status, same.text], [304, ""], condition);
        assert.equal(same.headers.get("etag"), etag);
        assert.equal(same.headers.get("cache-control"), "private, no-store");
        for (const name of ["age", "cache-status", "server-timing", "x-request-id"]) {
          assert.ok(same.headers.get(name), `${name} is missing`);
        }
      }
      for (const condition of [`"other"`, etag.slice(1, -1), '""']) {
        const { reply } = await serve(site, path, { headers: { "If-None-Match": condition } });
        assert.ok(reply.status === 200 && reply.text === whole.text, condition);
      }
    });

    test(`${path} answers HEAD with the headers of GET`, async () => {
      const { reply: whole } = await serve(site, path);
      const { reply: head } = await serve(site, path, { method: "HEAD" });
      assert.deepEqual([head.status, head.text], [200, ""]);
      for (const name of ["etag", "content-type", "cache-control", "x-content-type-options"]) {
        assert.equal(head.headers.get(name), whole.headers.get(name), name);
      }
      const etag = whole.headers.get("etag") ?? "";
      const { reply: same } = await serve(site, path, { method: "HEAD", headers: { "If-None-Match": etag } });
      assert.deepEqual([same.status, same.text], [304, ""]);
    });
  }

  test("other_content_has_another_ETag_and_the_same_content_asked_anew_has_the_same", async () => {
    const path = `/api/transactions?account=${ONE_OF_TWO}&limit=53`;
    const etagOf = async (): Promise<string | null> => (await site.ask(path)).headers.get("etag");
    const first = await etagOf();
    assert.equal(await etagOf(), first);
    site.sandbox.addTransaction({ accountNumber: ONE_OF_TWO, amountIn: 1, content: "another" });
    assert.notEqual(await etagOf(), first);
    const { status } = await site.ask(path, { headers: { "If-None-Match": first ?? "" } });
    assert.equal(status, 200);
    assert.equal(callsFor(site, "limit=53").length, 4);
  });

  test("an_answer_is_nobody_elses_to_keep_and_an_error_has_no_ETag", async () => {
    for (const path of ["/api/accounts", "/userapi/bankaccounts/list", "/api/status", "/api/accounts/999", "/api/nope", "/api/accounts?limit=x"]) {
      const { reply } = await serve(site, path);
      assert.equal(reply.headers.get("cache-control"), "private, no-store", path);
      if (reply.status !== 200) assert.equal(reply.headers.get("etag"), null, path);
      const { reply: conditional } = await serve(site, path, { headers: { "If-None-Match": "*" } });
      if (reply.status !== 200) assert.equal(conditional.status, reply.status, path);
    }
  });
});
