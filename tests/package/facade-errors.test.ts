// The errors by themselves, and how a runtime is told from a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import * as errors from "../../src/js/npm/src/errors.ts";
import type { ErrorCode } from "../../src/js/npm/src/errors.ts";
import { environmentToken, isBrowser, runtimeName } from "../../src/js/npm/src/runtime.ts";
import { accountsOf, countOf, oneOf, transactionsOf } from "../../src/js/npm/src/rows.ts";

const { SePayError, errorOf } = errors;

test("every code has its class, and every class is an Error with its own name", () => {
  const names: Record<ErrorCode, string> = {
    invalid_parameter: "InvalidParameterError",
    unauthorized: "AuthenticationError",
    forbidden: "AuthenticationError",
    not_found: "NotFoundError",
    rate_limited: "RateLimitError",
    timeout: "TimeoutError",
    aborted: "AbortError",
    connection: "ConnectionError",
    unreadable: "UnreadableError",
    challenge: "UnreadableError",
    too_large: "UnreadableError",
    redirect: "UnreadableError",
    truncated: "TruncatedError",
    server_error: "SePayError",
    rejected: "SePayError",
    method_not_allowed: "SePayError",
    upstream_unauthorized: "SePayError",
    upstream_error: "SePayError",
    upstream_unreadable: "UnreadableError",
    upstream_challenge: "UnreadableError",
    upstream_busy: "SePayError",
    upstream_timeout: "TimeoutError",
  };
  for (const [code, name] of Object.entries(names)) {
    const error = errorOf({ code: code as ErrorCode, message: "words" });
    assert.equal(error.name, name);
    assert.equal(error.constructor, errors[name as "SePayError"]);
    assert.ok(error instanceof SePayError && error instanceof Error);
    assert.equal(String(error), `${name}: words`);
    assert.match(error.stack ?? "", new RegExp(`^${name}: words\n    at `));
    assert.equal(Object.prototype.toString.call(error), "[object Error]");
  }
});

test("a code of a later Worker makes a plain SePayError, whatever its text", () => {
  for (const code of ["teapot", "constructor", "__proto__", ""]) {
    const error = errorOf({ code: code as ErrorCode, message: "words" });
    assert.deepEqual([error.constructor, error.code], [SePayError, code]);
  }
});

test("an error has the fields that are known and no others, and its message quotes SePay's words", () => {
  const cause = new Error("lower");
  const failure = { code: "rate_limited", message: "too many", status: 429, retryAfterMs: 2000, requestId: "r", words: "Chậm lại" } as const;
  const error = errorOf(failure, cause);
  assert.equal(error.message, "too many: Chậm lại");
  assert.equal(error.cause, cause);
  assert.deepEqual({ ...error }, { code: "rate_limited", status: 429, retryAfterMs: 2000, requestId: "r" });
  assert.ok(!("parameter" in error) && !("at" in error));
  assert.ok(!("cause" in errorOf({ code: "timeout", message: "late" })));
});

test("toJSON says what is known, and neither stack nor cause", () => {
  const error = errorOf({ code: "unreadable", message: "rows[3].id: expected digits", at: "rows[3].id", status: undefined }, { secret: 1 });
  const json = { name: "UnreadableError", message: "rows[3].id: expected digits", code: "unreadable", at: "rows[3].id" };
  assert.deepEqual(JSON.parse(JSON.stringify(error)), json);
  assert.match(inspect(error), /^UnreadableError: rows\[3\]\.id: expected digits\n {4}at [^]*code: 'unreadable',\n {2}at: 'rows\[3\]\.id'/);
});

test("an abort's cause is the signal's reason", () => {
  const controller = new AbortController();
  controller.abort("closed");
  const error = errors.abortedBy(controller.signal);
  assert.deepEqual([error.name, error.code, error.cause], ["AbortError", "aborted", "closed"]);
});

test("servers are told from browsers, also servers that play browser", () => {
  const page = { window: {}, document: {}, navigator: { userAgent: "Mozilla/5.0" }, location: {} };
  const worker = { importScripts: () => undefined, location: {}, navigator: { userAgent: "Mozilla/5.0" } };
  const node = { process: { versions: { node: "24.1.0" } } };
  const browsers = [page, worker, { ...page, process: { versions: {} } }, { ...page, process: { versions: { node: "20.0.0" }, type: "renderer" } }];
  const servers = [
    node,
    { ...page, ...node },
    { ...page, Deno: { version: { deno: "2.9.6" } } },
    { navigator: { userAgent: "Cloudflare-Workers" } },
    { ...worker, navigator: { userAgent: "Cloudflare-Workers" } },
    { ...page, EdgeRuntime: "edge-runtime" },
    {},
  ];
  for (const globals of browsers) assert.equal(isBrowser(globals), true, inspect(globals));
  for (const globals of servers) assert.equal(isBrowser(globals), false, inspect(globals));
  assert.equal(isBrowser(), false);
});

test("a runtime is called by its own name, and a browser is not named", () => {
  assert.equal(runtimeName({ navigator: { userAgent: "Bun/1.4.5" } }), "Bun/1.4.5");
  assert.equal(runtimeName({ navigator: { userAgent: "Cloudflare-Workers" } }), "Cloudflare-Workers");
  assert.equal(runtimeName({ process: { versions: { node: "20.20.2" } } }), "Node.js/20");
  assert.equal(runtimeName({ navigator: { userAgent: "Mozilla/5.0 (X11; Linux)" } }), "unknown");
  assert.equal(runtimeName({ navigator: { userAgent: "Bun/1\r\nx" } }), "unknown");
  assert.match(runtimeName(), /^Node\.js\/\d+$/);
});

test("the environment's token is read where that is allowed, without asking anybody", () => {
  const env = { SEPAY_API_TOKEN: "t" };
  const asked: unknown[] = [];
  const Deno = (state: string): object => ({ permissions: { querySync: (what: unknown) => (asked.push(what), { state }) } });
  const denied = { get env(): never { throw new Error("denied"); } };
  assert.equal(environmentToken({ process: { env } }), "t");
  assert.equal(environmentToken({ process: { env }, Deno: Deno("granted") }), "t");
  assert.equal(environmentToken({ process: denied, Deno: Deno("prompt") }), undefined);
  assert.deepEqual(asked[0], { name: "env", variable: "SEPAY_API_TOKEN" });
  for (const process of [undefined, {}, { env: {} }, { env: { SEPAY_API_TOKEN: "" } }, denied]) assert.equal(environmentToken({ process }), undefined);
});

/** Flat lists as the core gives them. */
function rows(texts: unknown[], numbers: number[], complete = true): Parameters<typeof countOf>[0] {
  return { json: new TextEncoder().encode(JSON.stringify(texts)), numbers: new Float64Array(numbers), complete };
}

test("flat lists become plain objects in the model's order of fields", () => {
  const time = "2026-11-19T08:30:00+07:00";
  const [first, second] = [["9", null, time, "\ufeffchữ", null, "FT1"], ["8", "VA1", time, "", "DH1", null]];
  const texts = [...first, ...second, "1", "007", "VCB", "2", "008", "ACB"];
  const list = transactionsOf(rows(texts, [1, 0, 5, 0, 7, 0, 2, 0, 0, 9007199254740991], false));
  const transaction = {
    id: "9",
    accountId: "2",
    accountNumber: "008",
    subAccount: null,
    bank: "ACB",
    occurredAt: time,
    direction: "in",
    amountIn: 5,
    amountOut: 0,
    balance: 7,
    content: "\ufeffchữ",
    code: null,
    reference: "FT1",
  };
  const other = { id: "8", accountId: "1", accountNumber: "007", subAccount: "VA1", bank: "VCB", direction: "unknown", amountIn: 0, content: "", code: "DH1" };
  assert.deepEqual(list, { data: [transaction, { ...transaction, ...other, reference: null, balance: 9007199254740991 }], complete: false });
  assert.equal(Object.keys(oneOf(list)).join(), Object.keys(transaction).join());
  assert.deepEqual(transactionsOf(rows([], [])), { data: [], complete: true });
  const account = ["1", "VCB", "Bank", "970436", "VCB", "007", "A", null, true, null, "2026-01-01T00:00:00+07:00"];
  const { data, complete } = accountsOf(rows([...account, ...account], [5, 6]));
  assert.deepEqual([data.length, complete, data[1]?.balance], [2, true, 6]);
  assert.deepEqual(Object.values(oneOf({ data, complete })), account.toSpliced(8, 0, 5 as never));
  assert.deepEqual(Object.keys(oneOf({ data, complete })).join(), "id,bank,bankName,bankBin,bankCode,accountNumber,holder,label,balance,active,lastTransactionAt,createdAt");
  assert.equal(countOf(rows([], [12_000])), 12_000);
});
