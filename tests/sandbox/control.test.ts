import assert from "node:assert/strict";
import { request } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { get, read } from "./call.ts";
import { Journal } from "./journal.ts";
import type { Counters, RequestRecord } from "./journal.ts";
import { startSandbox } from "./server.ts";
import type { Sandbox } from "./server.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

const NOW = Date.UTC(2026, 10, 20, 1, 2, 3);

let sandbox: Sandbox;
before(async () => void (sandbox = await startSandbox({ requestsPerSecond: 100_000, wallClock: () => NOW })));
afterEach(() => sandbox.reset());
after(() => sandbox.close());

/** Calls a control route without a token; a body that is a string is sent as it is. */
async function control(
  method: string,
  route: string,
  body?: unknown,
): Promise<{ status: number; value: unknown }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const reply = await get(sandbox, `/_sandbox${route}`, {
    method,
    headers: {},
    ...(body === undefined ? {} : { body: text }),
  });
  return { status: reply.status, value: JSON.parse(reply.text) };
}

const PAYMENT = { accountNumber: "102871015203", amountIn: 123_456, content: "SEVQR DH009999" };

test("a_transaction_is_added_as_the_newest_and_moves_its_account", async () => {
  const before = sandbox.data().accounts.find(({ id }) => id === 25)?.balance ?? 0;
  const lastId = sandbox.data().transactions.at(-1)?.id ?? 0;
  const { status, value } = await control("POST", "/transactions", {
    ...PAYMENT,
    code: "DH009999",
    subAccount: "VA1",
  });
  assert.equal(status, 201);
  const expected = {
    id: String(lastId + 1),
    bank_brand_name: "VietinBank",
    account_number: "102871015203",
    transaction_date: "2026-11-20 08:02:03",
    amount_out: "0.00",
    amount_in: "123456.00",
    accumulated: `${before + 123_456}.00`,
    transaction_content: "SEVQR DH009999",
    reference_number: `SBX${lastId + 1}`,
    code: "DH009999",
    sub_account: "VA1",
    bank_account_id: "25",
  };
  assert.deepEqual(value, expected);
  assert.deepEqual((await read(sandbox, "/userapi/transactions/list?limit=1")).transactions, [expected]);
  const { bankaccount } = await read(sandbox, "/userapi/bankaccounts/details/25");
  assert.equal(bankaccount["accumulated"], expected.accumulated);
  assert.equal(bankaccount["last_transaction"], "2026-11-20 08:02:03");
});

test("money_out_lowers_the_balance_and_a_late_row_leaves_the_last_transaction", async () => {
  const before = sandbox.data().accounts.find(({ id }) => id === 25);
  sandbox.addTransaction({
    accountNumber: "102871015203",
    amountOut: 1000,
    content: "",
    occurredAt: "2026-01-01 00:00:00",
  });
  const later = sandbox.data().accounts.find(({ id }) => id === 25);
  assert.equal(later?.balance, (before?.balance ?? 0) - 1000);
  assert.equal(later?.lastTransactionAt, before?.lastTransactionAt);
  const silent = sandbox.addTransaction({ accountNumber: "0900112233", amountIn: 5, content: "" });
  assert.deepEqual([silent.balance, silent.code, silent.subAccount], [0, null, ""]);
});

test("a_transaction_that_cannot_be_read_names_its_fields_and_adds_nothing", async () => {
  const fields = async (change: object): Promise<unknown> => {
    const { status, value } = await control("POST", "/transactions", { ...PAYMENT, ...change });
    assert.equal(status, 400);
    return (value as { fields: unknown }).fields;
  };
  assert.deepEqual(await fields({ accountNumber: "1" }), ["accountNumber"]);
  assert.deepEqual(await fields({ amountOut: 1 }), ["amountIn"]);
  assert.deepEqual(await fields({ amountIn: 1.5 }), ["amountIn"]);
  assert.deepEqual(await fields({ amountIn: "1" }), ["amountIn"]);
  assert.deepEqual(await fields({ amountIn: Number.MAX_SAFE_INTEGER }), ["amountIn"]);
  assert.deepEqual(await fields({ amountIn: undefined, amountOut: 1e15 }), ["amountOut"]);
  assert.deepEqual(await fields({ content: 1 }), ["content"]);
  assert.deepEqual(await fields({ code: 1, subAccount: 1, referenceNumber: 1 }), [
    "code",
    "subAccount",
    "referenceNumber",
  ]);
  assert.deepEqual(await fields({ occurredAt: "2026-01-01" }), ["occurredAt"]);
  assert.deepEqual(await fields({ amount: 1 }), ["amount"]);
  assert.equal(sandbox.data().transactions.length, 12_000);
});

test("an_account_is_added_and_may_be_without_a_transaction", async () => {
  const { status, value } = await control("POST", "/accounts", {
    accountNumber: "0001",
    bank: "VPBank",
    holder: "HO THI G",
  });
  assert.equal(status, 201);
  assert.deepEqual(value, {
    id: "131",
    account_holder_name: "HO THI G",
    account_number: "0001",
    accumulated: "0.00",
    last_transaction: null,
    label: "",
    active: "1",
    created_at: "2026-11-20 08:02:03",
    bank_short_name: "VPBank",
    bank_full_name: "Ngân hàng TMCP Việt Nam Thịnh Vượng",
    bank_bin: "970432",
    bank_code: "VPB",
  });
  const twice = await control("POST", "/accounts", {
    accountNumber: "0001",
    bank: "Bank",
    holder: 1,
    balance: -1,
  });
  assert.equal(twice.status, 400);
  assert.deepEqual((twice.value as { fields: unknown }).fields, [
    "accountNumber",
    "bank",
    "balance",
    "holder",
  ]);
});

test("counters_tell_what_happened", async () => {
  await get(sandbox, "/userapi/transactions/list?limit=1&page=2&sort=x");
  await get(sandbox, "/userapi/transactions/details/1?x=1");
  await get(sandbox, "/userapi/transactions/count?amount_in=abc&limit=1");
  await get(sandbox, "/nowhere");
  await get(sandbox, "/userapi/bankaccounts/list", { headers: {} });
  const { value } = await control("GET", "/counters");
  const expected: Counters = {
    requests: 5,
    violations: 0,
    maxPerSecond: 3,
    byStatus: { 200: 2, 401: 1, 404: 2 },
    byPath: {
      "/userapi/transactions/list": 1,
      "/userapi/transactions/details/{id}": 1,
      "/userapi/transactions/count": 1,
      "/userapi/bankaccounts/list": 1,
      other: 1,
    },
    unauthorized: 1,
    unknownParameters: 4,
    malformedParameters: 1,
    inFlight: 0,
  };
  assert.deepEqual(value, expected);
  assert.deepEqual((await control("GET", "/arrivals?windowMs=60000")).value, {
    windowMs: 60_000,
    max: 3,
    arrivals: 4,
  });
  assert.equal((await control("GET", "/arrivals?windowMs=x")).status, 400);
});

test("the_request_log_keeps_requests_as_they_came", async () => {
  await get(sandbox, "/userapi/bankaccounts/count?a=%20+", { headers: { "X-Mine": "Yes" } });
  const [record] = (await control("GET", "/requests")).value as RequestRecord[];
  assert.equal(record?.target, "/userapi/bankaccounts/count?a=%20+");
  assert.equal(record?.method, "GET");
  assert.equal(record?.httpStatus, 401);
  assert.ok(record?.headers.some(([name, value]) => name.toLowerCase() === "x-mine" && value === "Yes"));
  assert.equal(typeof record?.atMs, "number");
});

test("the_logs_keep_the_last_2000_requests_and_100000_arrivals", () => {
  const journal = new Journal();
  for (let atMs = 0; atMs < 250_500; atMs += 1) {
    journal.arrived({ atMs, key: "a" }, 1, false);
    if (atMs < 5100)
      journal.open({ atMs, method: "GET", target: "/", headers: [], httpStatus: null }, "other").done();
  }
  assert.deepEqual(
    [journal.requests.length, journal.requests[0]?.atMs, journal.requests.at(-1)?.atMs],
    [2000, 3100, 5099],
  );
  assert.deepEqual([journal.arrivals.length, journal.arrivals[0]?.atMs], [100_000, 150_500]);
  assert.equal(journal.counters.requests, 5100);
});

test("settings_change_all_or_nothing", async () => {
  const changed = await control("POST", "/settings", { limitBy: "ip", accountsLimitMax: 5 });
  assert.deepEqual(changed.value, {
    ...DEFAULT_SETTINGS,
    requestsPerSecond: 100_000,
    limitBy: "ip",
    accountsLimitMax: 5,
  });
  assert.deepEqual((await control("GET", "/settings")).value, changed.value);
  const bad = await control("POST", "/settings", {
    limitBy: "token",
    requestsPerSecond: "2",
    rps: 3,
    numbers: null,
  });
  assert.equal(bad.status, 400);
  assert.deepEqual((bad.value as { fields: unknown }).fields, ["requestsPerSecond", "numbers", "rps"]);
  assert.equal(sandbox.settings().limitBy, "ip");
});

test("reset_brings_back_the_parts_it_is_told", async () => {
  const spoil = async (): Promise<void> => {
    sandbox.addFault({ kind: "latency", ms: 0 });
    sandbox.configure({ numbers: "number" });
    sandbox.addTransaction(PAYMENT);
    await get(sandbox, "/x");
  };
  const state = (): unknown[] => [
    sandbox.counters().requests,
    sandbox.faults().length,
    sandbox.data().transactions.length,
    sandbox.settings().numbers,
  ];
  await spoil();
  assert.deepEqual(state(), [1, 1, 12_001, "number"]);
  await control("POST", "/reset", { what: ["counters"] });
  assert.deepEqual(state(), [0, 1, 12_001, "number"]);
  await control("POST", "/reset", { what: ["faults", "data"] });
  assert.deepEqual(state(), [0, 0, 12_000, "number"]);
  await spoil();
  assert.deepEqual((await control("POST", "/reset")).value, {
    reset: ["counters", "faults", "data", "settings"],
  });
  assert.deepEqual(state(), [0, 0, 12_000, "string"]);
  assert.equal(sandbox.settings().requestsPerSecond, 100_000);
  assert.equal((await control("POST", "/reset", { what: ["all"] })).status, 400);
});

test("faults_are_added_listed_and_cleared", async () => {
  const added = await control("POST", "/faults", { kind: "html", status: 503, path: "/list", count: 3 });
  const rule = { kind: "html", status: 503, path: "/list", count: 3, probability: 1, id: 1 };
  assert.equal(added.status, 201);
  assert.equal(typeof (added.value as { id: unknown }).id, "number");
  assert.deepEqual((await control("GET", "/faults")).value, [
    { ...rule, id: (added.value as { id: number }).id },
  ]);
  assert.deepEqual((await control("DELETE", "/faults")).value, []);
  assert.equal(sandbox.faults().length, 0);
});

test("unreadable_bodies_and_unknown_routes_are_refused_with_words", async () => {
  assert.deepEqual(await control("POST", "/settings", "{"), {
    status: 400,
    value: { error: "the body is not JSON", fields: [] },
  });
  for (const body of ["[]", "1", "null", `"x"`]) {
    assert.deepEqual((await control("POST", "/faults", body)).value, {
      error: "expected a JSON object",
      fields: [],
    });
  }
  assert.equal((await control("POST", "/transactions", " ".repeat(1_000_001))).status, 400);
  assert.equal((await control("GET", "/nothing")).status, 404);
  assert.equal((await control("PUT", "/faults")).status, 405);
  assert.equal((await control("GET", "")).status, 200);
  assert.equal(sandbox.counters().requests, 0);
});

test("control_routes_refuse_foreign_hosts_and_origins", async () => {
  const status = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const options = { port: sandbox.port, host: "127.0.0.1", path: "/_sandbox/counters", headers };
      const outgoing = request(options, (response) => (response.resume(), resolve(response.statusCode)));
      outgoing.on("error", reject).end();
    });
  for (const host of ["localhost", "127.0.0.1:8788", "[::1]:1", "LOCALHOST:80"])
    assert.equal(await status({ host }), 200, host);
  for (const host of [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "10.0.0.1",
    "localhost:x",
  ]) {
    assert.equal(await status({ host }), 403, host);
  }
  for (const origin of ["http://localhost:8787", "http://127.0.0.1"])
    assert.equal(await status({ origin }), 200, origin);
  for (const origin of ["https://evil.example", "null", "http://localhost.evil.example"]) {
    assert.equal(await status({ origin }), 403, origin);
  }
});
