/** What the JSON routes make of a SePay that fails: one code for each kind of failure, and never an empty list. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, describe, test } from "node:test";
import type { FaultInput } from "../sandbox/faults.ts";
import { assertProblem, retryAfterSeconds } from "./problem.ts";
import { ANEW, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const LIST = "/api/transactions?limit=3";
const ROUTES = [LIST, "/api/transactions/723898", "/api/transactions/count", "/api/accounts", "/api/accounts/18"];

/** A fault, the code it becomes, how many requests it takes, and what the caller is told. */
interface Failure {
  readonly name: string;
  readonly fault: FaultInput;
  readonly code: string;
  readonly calls: number;
  readonly detail: RegExp;
}

const FAILURES: readonly Failure[] = [
  { name: "500", fault: { kind: "status", status: 500 }, code: "upstream_error", calls: 3, detail: /status 500/ },
  { name: "503 with a page", fault: { kind: "html", status: 503 }, code: "upstream_error", calls: 3, detail: /503/ },
  { name: "a reset", fault: { kind: "reset" }, code: "upstream_error", calls: 3, detail: /no connection/ },
  { name: "a cut body", fault: { kind: "cut" }, code: "upstream_error", calls: 3, detail: /no connection/ },
  {
    name: "400 with words",
    fault: { kind: "status", status: 400, body: '{"status":400,"error":400,"messages":{"error":"no such bank"}}' },
    code: "upstream_error",
    calls: 1,
    detail: /status 400; it said: no such bank/,
  },
  { name: "a page", fault: { kind: "html" }, code: "upstream_challenge", calls: 1, detail: /HTML page/ },
  { name: "a page with 403", fault: { kind: "html", status: 403 }, code: "upstream_challenge", calls: 1, detail: /403/ },
  { name: "a page with 404", fault: { kind: "html", status: 404 }, code: "upstream_challenge", calls: 1, detail: /404/ },
  { name: "401", fault: { kind: "status", status: 401 }, code: "upstream_unauthorized", calls: 1, detail: /token/ },
  { name: "403", fault: { kind: "status", status: 403 }, code: "upstream_unauthorized", calls: 1, detail: /refused/ },
  { name: "an empty 200", fault: { kind: "empty" }, code: "upstream_unauthorized", calls: 1, detail: /token/ },
  { name: "half of the JSON", fault: { kind: "cut-json" }, code: "upstream_unreadable", calls: 1, detail: /cut/ },
  {
    name: "text",
    fault: { kind: "body", body: "OK", contentType: "text/plain" },
    code: "upstream_unreadable",
    calls: 1,
    detail: /^body: /,
  },
  {
    name: "9 MB",
    fault: { kind: "huge", bytes: 9_000_000 },
    code: "upstream_unreadable",
    calls: 1,
    detail: /larger than 8388608 bytes/,
  },
  {
    name: "success false",
    fault: { kind: "body", body: '{"status":200,"error":null,"messages":{"success":false},"transactions":[]}' },
    code: "upstream_error",
    calls: 1,
    detail: /rejected/,
  },
];

/** A row of SePay's with one field changed. */
function rowWith(field: string, value: unknown): string {
  const row = {
    id: "1",
    bank_brand_name: "ACB",
    account_number: "007",
    transaction_date: "2026-11-19 08:00:00",
    amount_out: "0.00",
    amount_in: "1000.00",
    accumulated: "0.00",
    transaction_content: "x",
    reference_number: "r",
    code: null,
    sub_account: "",
    bank_account_id: "1",
    [field]: value,
  };
  return JSON.stringify({ status: 200, error: null, messages: { success: true }, transactions: [row] });
}

/** A field, a value it must not have, and what the caller is told. */
const BAD_FIELDS: readonly (readonly [string, unknown, RegExp])[] = [
  ["amount_in", "1000.50", /^transactions\[0\]\.amount_in: .*fraction/],
  ["amount_out", 0.5, /^transactions\[0\]\.amount_out: .*fraction/],
  ["accumulated", "9007199254740992", /^transactions\[0\]\.accumulated: .*more/],
  ["amount_in", "a lot", /^transactions\[0\]\.amount_in: .*no number/],
  ["amount_in", "-1", /^transactions\[0\]\.amount_in: .*less/],
  ["amount_in", {}, /^transactions\[0\]\.amount_in: .*an object/],
  ["transaction_date", "2026-02-30 08:00:00", /^transactions\[0\]\.transaction_date: /],
  ["id", null, /^transactions\[0\]\.id: /],
];

describe("upstream errors", () => {
  let site: Site;

  before(async () => {
    site = await startSite();
  });
  after(() => site?.close());
  afterEach(() => site.sandbox.clearFaults());

  for (const { name, fault, code, calls, detail } of FAILURES) {
    test(`${name} is ${code} after ${calls} calls`, async () => {
      site.sandbox.addFault(fault);
      const before = (await site.status()).calls.sent;
      const problem = assertProblem(await site.ask(LIST), code);
      assert.match(problem.detail, detail);
      assert.equal((await site.status()).calls.sent - before, calls);
      for (const path of ROUTES.slice(1)) {
        if (name !== "success false") assertProblem(await site.ask(path), code);
      }
    });
  }

  for (const [field, value, detail] of BAD_FIELDS) {
    test(`${field} of ${JSON.stringify(value)} is unreadable and named`, async () => {
      site.sandbox.addFault({ kind: "body", body: rowWith(field, value) });
      assert.match(assertProblem(await site.ask(LIST), "upstream_unreadable").detail, detail);
    });
  }

  test("a_row_without_a_fault_is_read_from_the_same_bytes", async () => {
    site.sandbox.addFault({ kind: "body", body: rowWith("amount_in", 1000) });
    const { data } = await site.read<{ data: readonly { amountIn: number }[] }>(LIST);
    assert.equal(data[0]?.amountIn, 1000);
  });

  test("a_wrong_root_is_unreadable_and_the_right_one_named", async () => {
    const body = '{"status":200,"error":null,"messages":{"success":true},"transaction":[]}';
    site.sandbox.addFault({ kind: "body", body });
    assert.match(assertProblem(await site.ask(LIST, ANEW), "upstream_unreadable").detail, /^transactions: /);
    assert.match(assertProblem(await site.ask("/api/accounts", ANEW), "upstream_unreadable").detail, /^bankaccounts: /);
  });

  test("two_server_errors_and_then_an_answer_is_an_answer_after_three_calls", async () => {
    site.sandbox.addFault({ kind: "status", status: 500, count: 1 });
    site.sandbox.addFault({ kind: "cut", count: 1 });
    const before = site.sandbox.counters().requests;
    const reply = await site.ask("/api/accounts/57");
    assert.equal(reply.status, 200);
    assert.equal(site.sandbox.counters().requests - before, 3);
  });

  test("a_missing_record_is_not_found_in_both_of_sepays_spellings", async () => {
    for (const notFound of ["404", "status-in-200"] as const) {
      site.sandbox.configure({ notFound });
      assertProblem(await site.ask("/api/transactions/1"), "not_found");
      assertProblem(await site.ask("/api/accounts/1"), "not_found");
    }
  });

  for (const status of [301, 302, 303, 307, 308]) {
    test(`a redirect with ${status} is an error, and nobody goes where it points`, async () => {
      let visits = 0;
      const elsewhere = createServer((_, response) => {
        visits += 1;
        response.end('{"status":200,"error":null,"messages":{"success":true},"count_transactions":1}');
      });
      await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
      const Location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
      site.sandbox.addFault({ kind: "status", status, headers: { Location } });
      const before = site.sandbox.counters().requests;
      for (const path of ["/api/transactions/count", "/userapi/transactions/count"]) {
        assert.match(assertProblem(await site.ask(path), "upstream_error").detail, /redirect/);
      }
      assert.equal(site.sandbox.counters().requests - before, 2);
      await new Promise((resolve) => elsewhere.close(resolve));
      assert.equal(visits, 0);
    });
  }

  test("no_answer_within_the_callers_second_is_a_timeout", async () => {
    site.sandbox.addFault({ kind: "hang" });
    const started = performance.now();
    assertProblem(await site.ask(LIST, { headers: { Prefer: "wait=1", ...ANEW.headers } }), "upstream_timeout");
    const took = performance.now() - started;
    assert.ok(took >= 950 && took < 4000, `${took} ms`);
  });
});

describe("a gateway that is not set up", () => {
  for (const [name, bindings, code] of [
    ["no token", { SEPAY_API_TOKEN: undefined }, "upstream_unauthorized"],
    ["an empty token", { SEPAY_API_TOKEN: " " }, "upstream_unauthorized"],
    ["a base URL that would show the token", { SEPAY_BASE_URL: "http://sepay.example" }, "upstream_error"],
  ] as const) {
    test(`${name} is told, and nothing is sent`, async () => {
      const site = await startSite({ bindings });
      try {
        assertProblem(await site.ask("/api/accounts"), code);
        assertProblem(await site.ask("/userapi/transactions/list"), code);
        assert.equal(site.sandbox.counters().requests, 0);
        assert.equal((await site.ask("/healthz")).status, 200);
      } finally {
        await site.close();
      }
    });
  }

  test("nobody_at_the_base_url_is_an_upstream_error", async () => {
    const site = await startSite();
    await site.sandbox.close();
    try {
      assertProblem(await site.ask("/api/accounts"), "upstream_error");
    } finally {
      await site.close();
    }
  });
});

describe("a foreign 429 of thirty seconds", () => {
  test("is busy with an honest time to wait, asked once", async () => {
    const site = await startSite();
    try {
      site.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 30, count: 1 });
      const first = await site.ask("/api/accounts");
      assertProblem(first, "upstream_busy");
      assert.equal(retryAfterSeconds(first), 30);
      const second = await site.ask("/userapi/transactions/count");
      assertProblem(second, "upstream_busy");
      const seconds = retryAfterSeconds(second);
      assert.ok(seconds >= 20 && seconds <= 30, `${seconds} s`);
      assert.equal(second.headers.get("x-sepay-userapi-retry-after"), String(seconds));
      assert.equal(site.sandbox.counters().requests, 1);
    } finally {
      await site.close();
    }
  });
});
