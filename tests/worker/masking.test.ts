/**
 * Hidden fields: on drop-in routes SePay's bytes with those values replaced by `null` and no other byte changed, in our
 * JSON `null`, in errors too; and no filter finds out what is hidden. What is expected is made from SePay's own bytes.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HIDEABLE } from "./matrix/credentials.ts";
import { SEPAYS } from "./matrix/written.ts";
import { assertProblem } from "./problem.ts";
import { callsFor } from "./served.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const keyFor = (hide: readonly string[]): string => `edge_test_key_hiding_${hide.join("_")}`;
const SEVERAL = ["balance", "content", "accountNumber", "bank", "lastTransactionAt"];
const HIDING: readonly (readonly string[])[] = [...HIDEABLE.map((field) => [field]), SEVERAL, HIDEABLE];

const QUESTIONS = [
  "/userapi/bankaccounts/list",
  "/userapi/bankaccounts/count",
  "/userapi/bankaccounts/details/123",
  "/userapi/bankaccounts/details/999",
  "/userapi/transactions/list?limit=100",
  "/userapi/transactions/list?since_id=999999999",
  "/userapi/transactions/count",
  "/userapi/transactions/details/723898",
  "/userapi/transactions/details/1",
];

const OURS = ["/api/accounts", "/api/accounts/123", "/api/accounts/count", "/api/transactions", "/api/transactions/723898", "/api/transactions/count"];

/** Our filters, SePay's names for them, and the field whose value each names. */
const FILTERS: readonly (readonly [string, string, string, string])[] = [
  ["accounts", "bank=ACB", "short_name=ACB", "bank"],
  ["accounts", "balanceMin=1", "accumulated_min=1", "balance"],
  ["accounts", "balanceMax=1", "accumulated_max=1", "balance"],
  ["accounts", "lastTransactionFrom=2026-01-01", "last_transaction_date_min=2026-01-01", "lastTransactionAt"],
  ["accounts", "lastTransactionTo=2026-01-01", "last_transaction_date_max=2026-01-01", "lastTransactionAt"],
  ["transactions", "account=21860168", "account_number=21860168", "accountNumber"],
  ["transactions", "reference=4321", "reference_number=4321", "reference"],
  ["transactions", "amountIn=77", "amount_in=77", "amountIn"],
  ["transactions", "amountOut=77", "amount_out=77", "amountOut"],
];

/** Bodies of SePay's, and what is left of them when `balance`, `content` and `accountNumber` are hidden. */
const BODIES: Readonly<Record<string, readonly [string, string]>> = {
  "white space and numbers stay": [
    envelope('[ {"id":"1",\n\t"accumulated" :\r\n 1.50e2 ,"amount_in":"5.00" , "x": -0.0} ]'),
    envelope('[ {"id":"1",\n\t"accumulated" :\r\n null ,"amount_in":"5.00" , "x": -0.0} ]'),
  ],
  "every kind of value": [
    envelope('[{"accumulated":"a\\"b,}]\\\\"},{"accumulated":true},{"accumulated":null},{"accumulated":{"a":[1,{"b":"}"}]}},{"accumulated":["]",[]]}]'),
    envelope('[{"accumulated":null},{"accumulated":null},{"accumulated":null},{"accumulated":null},{"accumulated":null}]'),
  ],
  "a name with escapes, and given twice": [
    envelope('[{"accum\\u0075lated":1,"accumulated":2,"id":"accumulated","\\u0061ccount_number":"007"}]'),
    envelope('[{"accum\\u0075lated":null,"accumulated":null,"id":"accumulated","\\u0061ccount_number":null}]'),
  ],
  "a name inside a text, and longer and shorter ones": [
    envelope('[{"code":"\\"accumulated\\":\\"5\\",","accumulated_min":"5","accumulate":"6","Accumulated":"7"," accumulated":"8"}]'),
    envelope('[{"code":"\\"accumulated\\":\\"5\\",","accumulated_min":"5","accumulate":"6","Accumulated":"7"," accumulated":"8"}]'),
  ],
  "any depth, and the root": [
    envelope('[{"more":{"account_number":"0071","rows":[{"transaction_content":"x"}]}}],"account_number":"0071"'),
    envelope('[{"more":{"account_number":null,"rows":[{"transaction_content":null}]}}],"account_number":null'),
  ],
  "letters outside ASCII": [
    envelope('[{"transaction_content":"Cảm ơn 🎉 \\ud83c\\udf89","label":"Quán cà phê 🧋"}]'),
    envelope('[{"transaction_content":null,"label":"Quán cà phê 🧋"}]'),
  ],
};

describe("what is hidden", { concurrency: true }, () => {
  let site: Site;

  before(async () => {
    const keys = HIDING.map((hide, index) => keyEntry(keyFor(hide), { id: `hides${index}`, hide }));
    keys.push(keyEntry("edge_test_key_hiding_three", { id: "three", hide: ["balance", "content", "accountNumber"] }));
    site = await startSite({ keys, sandbox: { requestsPerSecond: 1000 } });
  });
  after(() => site?.close());

  for (const hide of HIDING) {
    test(`${hide.join(" ").slice(0, 60)} is null in SePay's bytes, which are the same otherwise`, async () => {
      let replaced = 0;
      for (const path of QUESTIONS) {
        const sepays = await fetch(`${site.sandbox.url}${path}`, { headers: { Authorization: `Bearer ${site.sandbox.token}` } });
        const bytes = await sepays.text();
        const expected = masked(bytes, hide);
        const reply = await site.ask(path, { key: keyFor(hide), cached: true });
        assert.equal(reply.status, sepays.status, path);
        assert.ok(reply.text === expected, `${path}: other bytes than SePay's with null`);
        if (expected !== bytes) replaced += 1;
      }
      assert.ok(replaced > 0, "no answer has this field");
    });

    test(`${hide.join(" ").slice(0, 60)} is null in our JSON, which is the same otherwise`, async () => {
      let replaced = 0;
      for (const path of OURS) {
        const [all, reply] = await Promise.all([site.ask(path, { cached: true }), site.ask(path, { cached: true, key: keyFor(hide) })]);
        const expected = JSON.stringify(JSON.parse(all.text, (name, value: unknown) => (hide.includes(name) ? null : value)));
        assert.ok(reply.status === 200 && reply.text === expected, `${path}: other bytes than ours with null`);
        if (expected !== all.text) replaced += 1;
      }
      assert.ok(replaced > 0, "no answer has this field");
    });
  }

  test("no_filter_tells_what_is_hidden_and_sepay_is_not_asked", async () => {
    for (const [of, ours, sepays, field] of FILTERS) {
      const root = of === "accounts" ? "/userapi/bankaccounts" : "/userapi/transactions";
      for (const path of [`/api/${of}?${ours}`, `/api/${of}/count?${ours}`, `${root}/list?${sepays}`, `${root}/count?${sepays}`]) {
        const marked = path.includes("count") ? path : `${path}&limit=97`;
        const { detail } = assertProblem(await site.ask(marked, { key: keyFor([field]) }), "forbidden");
        assert.ok(detail.includes(field) && !detail.includes("21860168"), detail);
      }
    }
    assert.equal(callsFor(site, "limit=97").length, 0);
    assert.equal((await site.ask("/api/accounts?bank=ACB&limit=97", { key: keyFor(["balance"]) })).status, 200);
  });
});

describe("whatever SePay sends", () => {
  const THREE = "edge_test_key_hiding_three";
  const LIST = "/userapi/transactions/list?limit=9";
  let site: Site;

  before(async () => {
    const three = keyEntry(THREE, { id: "three", hide: ["balance", "content", "accountNumber"] });
    site = await startSite({ keys: [three] });
  });
  after(() => site?.close());

  /** What the caller gets of a body of SePay's. */
  async function given(body: string, status = 200, key = THREE) {
    site.sandbox.addFault({ kind: "body", body, status });
    const reply = await site.ask(LIST, { key });
    site.sandbox.clearFaults();
    return reply;
  }

  for (const [name, [body, expected]] of Object.entries(BODIES)) {
    test(name, async () => {
      const reply = await given(body);
      assert.deepEqual([reply.status, reply.text], [200, expected]);
      assert.equal((await given(body, 200, KEY)).text, body, "a key that hides nothing gets SePay's bytes");
    });
  }

  test("an_error_keeps_its_status_and_its_words_and_loses_what_is_hidden", async () => {
    for (const status of [400, 403, 404, 500]) {
      const body = `{"status":${status},"error":${status},"messages":{"error":"no"},"account_number":"0071000888888"}`;
      const reply = await given(body, status);
      assert.deepEqual([reply.status, reply.text], [status, body.replace('"0071000888888"', "null")]);
    }
  });

  test("an_empty_200_stays_one", async () => {
    for (const body of ["", " \n"]) {
      const reply = await given(body);
      assert.deepEqual([reply.status, reply.text], [200, body]);
    }
  });

  test("what_cannot_be_read_for_sure_is_not_passed_on", async () => {
    const secret = '"accumulated":"54321678"';
    for (const body of [
      envelope(`[{${secret}]`),
      `${envelope(`[{${secret}}]`)}{}`,
      envelope(`[{${secret},}]`),
      envelope(`[{"accumulated\\ud800":"54321678"}]`),
      `<html>${secret}</html>`,
    ]) {
      const reply = await given(body);
      assert.equal(reply.status, 502, body);
      assert.ok(!reply.text.includes("54321678"));
    }
  });
});

function envelope(rows: string): string {
  return `{"status":200,"error":null,"messages":{"success":true},"transactions":${rows}}`;
}

/** SePay's rows are flat, and no text in them looks like a member: a quote in it has a backslash. */
function masked(bytes: string, hide: readonly string[]): string {
  const names = hide.flatMap((field) => SEPAYS[field] ?? []).join("|");
  return bytes.replaceAll(new RegExp(`("(?:${names})":)("(?:[^"\\\\]|\\\\.)*"|[^,}\\]]+)`, "g"), "$1null");
}
