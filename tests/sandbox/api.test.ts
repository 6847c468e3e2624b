import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, afterEach, before, test } from "node:test";
import { get, read } from "./call.ts";
import { startSandbox } from "./server.ts";
import type { Sandbox } from "./server.ts";

let sandbox: Sandbox;
before(async () => void (sandbox = await startSandbox({ requestsPerSecond: 100_000 })));
afterEach(() => sandbox.reset());
after(() => sandbox.close());

const LIST = "/userapi/transactions/list";

test("an_account_is_the_text_of_the_bank_account_page_with_its_own_values", async () => {
  const account = sandbox.data().accounts.find(({ id }) => id === 25);
  const { status, headers, text } = await get(sandbox, "/userapi/bankaccounts/details/25");
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "application/json");
  // Field names and order: bank account page, "Response 200 - Bank account list".
  assert.equal(
    text,
    `{"status":200,"error":null,"messages":{"success":true},"bankaccount":{"id":"25",` +
      `"account_holder_name":"NGUYEN THI B","account_number":"102871015203",` +
      `"accumulated":"${account?.balance}.00",` +
      `"last_transaction":"${account?.lastTransactionAt}","label":"","active":"1",` +
      `"created_at":"2024-02-16 15:57:26","bank_short_name":"VietinBank",` +
      `"bank_full_name":"Ngân hàng TMCP Công Thương Việt Nam","bank_bin":"970415","bank_code":"ICB"}}`,
  );
});

test("a_transaction_is_the_text_of_the_transaction_page_with_its_own_values", async () => {
  const row = sandbox.data().transactions.at(-1);
  const { text } = await get(sandbox, `/userapi/transactions/details/${row?.id}`);
  // Field names and order: quick start, "List Transactions".
  assert.equal(
    text,
    `{"status":200,"error":null,"messages":{"success":true},"transaction":{"id":"${row?.id}",` +
      `"bank_brand_name":"Vietcombank","account_number":"0071000888888",` +
      `"transaction_date":"2026-11-19 22:00:00","amount_out":"0.00","amount_in":"2277000.00",` +
      `"accumulated":"${row?.balance}.00","transaction_content":"chuyen tien mua hang DH001",` +
      `"reference_number":"MBVCB.3278907687","code":"DH001","sub_account":"","bank_account_id":"123"}}`,
  );
});

test("lists_and_counts_have_their_root_keys_and_counts_are_integers", async () => {
  const start = `{"status":200,"error":null,"messages":{"success":true},`;
  const text = async (target: string): Promise<string> => (await get(sandbox, target)).text;
  assert.ok((await text("/userapi/bankaccounts/list")).startsWith(`${start}"bankaccounts":[{"id":"130",`));
  assert.ok((await text(LIST)).startsWith(`${start}"transactions":[{"id":"`));
  assert.equal(await text("/userapi/bankaccounts/count"), `${start}"count_bankaccounts":7}`);
  assert.equal(await text("/userapi/transactions/count"), `${start}"count_transactions":12000}`);
  assert.equal(await text(`${LIST}?account_number=none`), `${start}"transactions":[]}`);
});

test("null_and_inactive_reach_the_wire", async () => {
  const inactive = await read(sandbox, "/userapi/bankaccounts/details/130");
  assert.equal(inactive.bankaccount["active"], "0");
  sandbox.addAccount({ accountNumber: "1", bank: "ACB", holder: "HO THI G" });
  const fresh = await get(sandbox, "/userapi/bankaccounts/details/131");
  assert.ok(fresh.text.includes(`"last_transaction":null`));
  const dormant = await read(sandbox, `${LIST}?account_number=0071000899999&limit=1`);
  assert.equal(dormant.transactions[0]?.["sub_account"], null);
});

test("numbers_and_the_last_transaction_field_can_be_those_of_the_quick_start", async () => {
  sandbox.configure({ numbers: "number", lastTransactionField: "last_transaction_date" });
  const { bankaccount } = await read(sandbox, "/userapi/bankaccounts/details/41");
  assert.deepEqual([bankaccount["id"], bankaccount["accumulated"], bankaccount["active"]], [41, 0, 1]);
  assert.equal(bankaccount["account_number"], "0900112233");
  assert.equal(Object.keys(bankaccount)[4], "last_transaction_date");
  assert.ok(!("last_transaction" in bankaccount));
  const { transactions } = await read(sandbox, `${LIST}?limit=1`);
  const row = transactions[0] ?? {};
  assert.deepEqual([row["amount_in"], row["amount_out"], row["bank_account_id"]], [2_277_000, 0, 123]);
  assert.equal(row["id"], sandbox.data().transactions.at(-1)?.id);
  assert.equal(row["accumulated"], sandbox.data().transactions.at(-1)?.balance);
});

const WRONG = ["", "Bearer", "Bearer wrong", "Basic abc", "Apikey abc"];

test("a_missing_or_wrong_token_is_401", async () => {
  for (const value of [...WRONG, `bearer ${sandbox.token}`, sandbox.token, `Bearer ${sandbox.token}x`]) {
    const { status, text } = await get(sandbox, LIST, {
      headers: value === "" ? {} : { Authorization: value },
    });
    assert.equal(status, 401, value);
    assert.equal(text, `{"status":401,"error":401,"messages":{"error":"invalid or missing token"}}`);
  }
  assert.equal(sandbox.counters().unauthorized, 8);
});

test("a_wrong_token_can_be_an_empty_200", async () => {
  sandbox.configure({ authFailure: "empty200" });
  const { status, text } = await get(sandbox, LIST, { headers: {} });
  assert.deepEqual([status, text], [200, ""]);
  assert.equal(sandbox.counters().unauthorized, 1);
});

test("an_unknown_id_is_404_or_200_with_a_404_inside", async () => {
  const targets = [
    "bankaccounts/details/1",
    "transactions/details/1",
    "transactions/details/x",
    "bankaccounts/details/025",
  ];
  for (const target of targets) {
    const { status, text } = await get(sandbox, `/userapi/${target}`);
    assert.equal(status, 404, target);
    assert.match(text, /^\{"status":404,"error":404,"messages":\{"error":"[a-z ]+ not found"\}\}$/);
    sandbox.configure({ notFound: "status-in-200" });
    assert.deepEqual(await get(sandbox, `/userapi/${target}`).then((reply) => [reply.status, reply.text]), [
      200,
      text,
    ]);
    sandbox.configure({ notFound: "404" });
  }
});

test("unknown_paths_are_404_and_other_methods_405", async () => {
  sandbox.configure({ notFound: "status-in-200" });
  for (const path of [
    "/",
    "/userapi",
    "/userapi/transactions",
    `${LIST}/`,
    "/userapi/transactions/details/",
    "/api/v1/x",
  ]) {
    assert.equal((await get(sandbox, path)).status, 404, path);
  }
  for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]) {
    const { status, headers } = await get(sandbox, LIST, { method });
    assert.deepEqual([status, headers.get("allow")], [405, "GET"], method);
  }
});

test("strange_requests_do_not_stop_it", async () => {
  const wanted = [
    `GET ${LIST}?transaction_date_min=%zz&since_id=%ff%fe&limit=1 HTTP/1.1`,
    `GET ${LIST}?${"a".repeat(15_000)} HTTP/1.1`,
    `GET ${LIST}?${"a".repeat(200_000)} HTTP/1.1`,
    "GET /userapi/transactions/details/%E0%A4%A HTTP/1.1",
    "GET /%2e%2e/_sandbox/%00 HTTP/1.1",
    "GET //////?????#### HTTP/1.1",
    "GET http://[bad/userapi/transactions/list HTTP/1.1",
    "GET http://elsewhere/userapi/transactions/list HTTP/1.1",
    "PROPFIND /userapi/transactions/list HTTP/1.1",
    "CONNECT example.invalid:443 HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "NONSENSE",
    "GET /_sandbox/constructor HTTP/1.1",
  ];
  for (const line of wanted) await raw(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  assert.equal((await get(sandbox, `${LIST}?limit=1`)).status, 200);
});

test("an_absolute_target_is_answered_like_a_local_one", async () => {
  const head = `Host: localhost\r\nConnection: close\r\nAuthorization: Bearer ${sandbox.token}\r\n\r\n`;
  const answer = await raw(`GET http://localhost/userapi/bankaccounts/count HTTP/1.1\r\n${head}`);
  assert.ok(answer.endsWith(`"count_bankaccounts":7}`), answer);
});

/** Sends bytes and resolves with all that came back, whatever ended the connection. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(sandbox.port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}
