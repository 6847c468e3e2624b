/** The drop-in routes: SePay's own status and bytes, so that a client need not know that we stand in between. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "./problem.ts";
import { ANEW, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const QUESTIONS = [
  "/userapi/bankaccounts/list",
  "/userapi/bankaccounts/list?short_name=Vietcombank&limit=1",
  "/userapi/bankaccounts/list?short_name=NoSuchBank",
  "/userapi/bankaccounts/count",
  "/userapi/bankaccounts/count?accumulated_min=100000000",
  "/userapi/bankaccounts/details/18",
  "/userapi/bankaccounts/details/999",
  "/userapi/transactions/list",
  "/userapi/transactions/list?account_number=0071000899999&limit=40",
  "/userapi/transactions/list?since_id=999999999",
  "/userapi/transactions/list?transaction_date_min=2026-11-19&limit=5000",
  "/userapi/transactions/count",
  "/userapi/transactions/count?amount_in=2277000",
  "/userapi/transactions/details/723898",
  "/userapi/transactions/details/1",
];

/** Asks the sandbox itself. */
async function direct(site: Site, path: string, token = site.sandbox.token): Promise<{ status: number; bytes: Buffer }> {
  const answer = await fetch(`${site.sandbox.url}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
}

async function assertSame(site: Site, path: string, token?: string): Promise<void> {
  const [ours, sepays] = await Promise.all([site.ask(path, ANEW), direct(site, path, token)]);
  assert.equal(ours.status, sepays.status);
  assert.ok(Buffer.from(ours.text).equals(sepays.bytes), `${path}: other bytes than SePay's`);
  assert.match(ours.headers.get("content-type") ?? "", /^application\/json(;|$)/);
}

describe("drop-in answers", () => {
  let site: Site;

  before(async () => {
    site = await startSite({ sandbox: { requestsPerSecond: 1000 } });
  });
  after(() => site?.close());

  for (const path of QUESTIONS) {
    test(`${path} is SePay's to the byte`, () => assertSame(site, path));
  }

  test("every_switch_of_the_sandbox_passes_through", async () => {
    const { numbers, lastTransactionField, notFound, order } = site.sandbox.settings();
    site.sandbox.configure({
      numbers: "number",
      lastTransactionField: "last_transaction_date",
      notFound: "status-in-200",
      order: "oldest-first",
    });
    for (const path of QUESTIONS) await assertSame(site, path);
    site.sandbox.configure({ numbers, lastTransactionField, notFound, order });
  });

  test("a_server_error_keeps_sepays_status_and_words", async () => {
    const body = '{"status":500,"error":500,"messages":{"error":"database is away"}}';
    site.sandbox.addFault({ kind: "status", status: 500, body, path: "details/25" });
    const reply = await site.ask("/userapi/bankaccounts/details/25");
    site.sandbox.clearFaults();
    assert.equal(reply.status, 500);
    assert.equal(reply.text, body);
  });

  test("sepays_429_keeps_its_status_and_the_name_of_its_header", async () => {
    site.sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 1, path: "details/41" });
    const reply = await site.ask("/userapi/bankaccounts/details/41");
    site.sandbox.clearFaults();
    assert.equal(reply.status, 429);
    assert.equal(reply.headers.get("x-sepay-userapi-retry-after"), "1");
    assert.equal(reply.headers.get("retry-after"), "1");
  });

  test("a_page_a_redirect_and_half_an_answer_are_never_passed_on", async () => {
    const path = "/userapi/transactions/details/723898";
    for (const [fault, code] of [
      [{ kind: "html", status: 403 }, "upstream_challenge"],
      [{ kind: "status", status: 302, headers: { Location: "http://127.0.0.1:9/" } }, "upstream_error"],
      [{ kind: "cut-json" }, "upstream_unreadable"],
      [{ kind: "huge", bytes: 9_000_000 }, "upstream_unreadable"],
    ] as const) {
      site.sandbox.addFault(fault);
      const reply = await site.ask(path);
      site.sandbox.clearFaults();
      assertProblem(reply, code);
    }
  });

  test("a_wrong_edge_key_is_our_problem_and_not_sepays", async () => {
    const before = site.sandbox.counters().requests;
    assertProblem(await site.ask(QUESTIONS[0] ?? "", { key: "edge_wrong" }), "unauthorized");
    assert.equal(site.sandbox.counters().requests, before);
  });
});

describe("drop-in answers to a token that SePay refuses", () => {
  const token = "no-such-token-at-sepay";
  let site: Site;

  before(async () => {
    const bindings = { SEPAY_API_TOKEN: token };
    site = await startSite({ bindings, sandbox: { requestsPerSecond: 1000 } });
  });
  after(() => site?.close());

  for (const [authFailure, status, body] of [
    ["401", 401, '{"status":401,"error":401,"messages":{"error":"invalid or missing token"}}'],
    ["empty200", 200, ""],
  ] as const) {
    test(`${authFailure} passes through, and is an error on the JSON routes`, async () => {
      site.sandbox.configure({ authFailure });
      for (const path of QUESTIONS) await assertSame(site, path, token);
      const reply = await site.ask("/userapi/transactions/list");
      assert.equal(reply.status, status);
      assert.equal(reply.text, body);
      for (const path of ["/api/transactions", "/api/accounts/18", "/api/accounts/count"]) {
        assertProblem(await site.ask(path), "upstream_unauthorized");
      }
    });
  }
});

describe("drop-in answers that cannot be passed on", () => {
  test("a status that is none, or that has no body, is an upstream error and hurts nobody else", async () => {
    const odd = createServer((request, response) => {
      const status = Number(/\d+$/.exec(request.url ?? "")?.[0]);
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    }).listen(0, "127.0.0.1");
    await once(odd, "listening");
    const { port } = odd.address() as AddressInfo;
    const site = await startSite({ bindings: { SEPAY_BASE_URL: `http://127.0.0.1:${port}` } });
    try {
      const asked = [600, 999, 204, 205, 404].map((status) => site.ask(`/userapi/bankaccounts/details/${status}`));
      const replies = await Promise.all(asked);
      assert.deepEqual(replies.map((reply) => reply.status), [502, 502, 502, 502, 404]);
    } finally {
      await site.close();
      odd.close();
    }
  });

  test("an empty parameter is no filter, as SePay's own callers mean it", async () => {
    const site = await startSite();
    try {
      const reply = await site.ask("/userapi/transactions/count?account_number=&amount_in=2277000");
      assert.deepEqual([reply.status, JSON.parse(reply.text).count_transactions], [200, 2]);
    } finally {
      await site.close();
    }
  });
});
