/**
 * A key limited to some accounts gets what SePay would answer if the others did not exist: by list, by id and by
 * count, in both forms. Judged by brute force over the sandbox's data.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Account, Transaction } from "../sandbox/model.ts";
import { accountJson, highestIds, newestFirst, transactionJson } from "./expected.ts";
import type { List, TransactionJson } from "./expected.ts";
import { assertProblem } from "./problem.ts";
import { keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const FOREIGN = "21860168";
const FOREIGN_ID = 57;

/** Keys by what they may see. */
const LIMITED: Readonly<Record<string, readonly string[]>> = {
  edge_limited_to_one: ["0071000888888"],
  edge_limited_to_three: ["0900112233", "0071000888888", "102871015203"],
  edge_limited_to_one_and_a_ghost: ["0071000899999", "4040404040"],
  edge_limited_to_a_ghost: ["4040404040"],
  edge_limited_to_nothing: [],
};

const KEYS = Object.entries(LIMITED).map(([key, accounts]) => keyEntry(key, { accounts }));
const ONE = "edge_limited_to_one";
const THREE = "edge_limited_to_three";

describe("limited keys", () => {
  let site: Site;
  let accounts: readonly Account[];
  let transactions: readonly Transaction[];

  before(async () => {
    site = await startSite({ keys: KEYS, sandbox: { requestsPerSecond: 1000 } });
    ({ accounts, transactions } = site.sandbox.data());
  });
  after(() => site?.close());

  /** What the merged list must be: SePay's limit for each account, then ours over all of them by time. */
  function merged(numbers: readonly string[], limit: number, matches: (row: Transaction) => boolean = () => true) {
    const own = numbers.map((number) => transactions.filter((row) => row.accountNumber === number && matches(row)));
    const rows = newestFirst(own.flatMap((of) => highestIds(of, limit)));
    const complete = own.every((of) => of.length < limit) && rows.length <= limit;
    return { data: rows.slice(0, limit).map(transactionJson), complete };
  }

  for (const [key, numbers] of Object.entries(LIMITED)) {
    const seen = (row: Account) => numbers.includes(row.number);

    test(`${key} lists and counts its own accounts only`, async () => {
      const own = highestIds(accounts.filter(seen), 100);
      assert.deepEqual(await site.read("/api/accounts", { key }), { data: own.map(accountJson), complete: true });
      assert.deepEqual(await site.read("/api/accounts/count", { key }), { count: own.length });
      const list = await site.read<{ bankaccounts: readonly { id: string }[] }>("/userapi/bankaccounts/list", { key });
      assert.deepEqual(list.bankaccounts.map((row) => row.id), own.map((row) => String(row.id)));
      const count = await site.read<{ count_bankaccounts: number }>("/userapi/bankaccounts/count", { key });
      assert.equal(count.count_bankaccounts, own.length);
    });

    test(`${key} keeps its limit under every filter of accounts`, async () => {
      const query = "bank=Vietcombank&lastTransactionFrom=2026-01-01&sinceId=18&balanceMin=0";
      const own = highestIds(accounts.filter((row) => seen(row) && row.bank.shortName === "Vietcombank"), 100);
      const list = { data: own.map(accountJson), complete: true };
      assert.deepEqual(await site.read(`/api/accounts?${query}`, { key }), list);
      assert.deepEqual(await site.read(`/api/accounts/count?${query}`, { key }), { count: own.length });
    });

    test(`${key} lists and counts its own transactions only`, async () => {
      for (const limit of [1, 7, 100, 3000, 5000]) {
        const list = await site.read<List<TransactionJson>>(`/api/transactions?limit=${limit}`, { key });
        assert.deepEqual(list, merged(numbers, limit));
      }
      const own = transactions.filter((row) => numbers.includes(row.accountNumber));
      assert.deepEqual(await site.read("/api/transactions/count", { key }), { count: own.length });
      const count = await site.read<{ count_transactions: number }>("/userapi/transactions/count", { key });
      assert.equal(count.count_transactions, own.length);
    });

    test(`${key} keeps its limit under filters of transactions`, async () => {
      const matches = (row: Transaction) => row.occurredAt.startsWith("2026-11-1") && row.amountOut === 0;
      const query = "from=2026-11-10&to=2026-11-19&amountOut=0";
      assert.deepEqual(await site.read(`/api/transactions?${query}`, { key }), merged(numbers, 100, matches));
      const own = transactions.filter((row) => numbers.includes(row.accountNumber) && matches(row));
      assert.deepEqual(await site.read(`/api/transactions/count?${query}`, { key }), { count: own.length });
    });

    test(`${key} sees details of its own records and cannot tell foreign ones from none`, async () => {
      for (const account of accounts) {
        const row = transactions.findLast((each) => each.accountNumber === account.number);
        assert.ok(row);
        const paths = [
          `/api/accounts/${account.id}`,
          `/userapi/bankaccounts/details/${account.id}`,
          `/api/transactions/${row.id}`,
          `/userapi/transactions/details/${row.id}`,
        ];
        for (const path of paths) {
          const reply = await site.ask(path, { key });
          if (seen(account)) assert.equal(reply.status, 200, path);
          else assertProblem(reply, "forbidden");
        }
      }
    });
  }

  test("a_foreign_account_by_name_is_forbidden_and_not_asked_for", async () => {
    const before = site.sandbox.counters().requests;
    for (const key of Object.keys(LIMITED)) {
      for (const path of [
        `/api/transactions?account=${FOREIGN}`,
        `/api/transactions/count?account=${FOREIGN}`,
        `/userapi/transactions/list?account_number=${FOREIGN}`,
        `/userapi/transactions/count?account_number=${FOREIGN}`,
        "/api/transactions?account=71000888888",
        "/api/transactions?account=0071000888888%2C21860168",
      ]) {
        assertProblem(await site.ask(path, { key }), "forbidden");
      }
    }
    assert.equal(site.sandbox.counters().requests, before);
  });

  test("an_own_account_by_name_is_asked_for_as_it_is", async () => {
    const path = "/transactions/list?account_number=0071000888888&limit=50";
    const reply = await site.ask(`/userapi${path}`, { key: THREE });
    const direct = await fetch(`${site.sandbox.url}/userapi${path}`, {
      headers: { Authorization: `Bearer ${site.sandbox.token}` },
    });
    assert.equal(reply.text, await direct.text());
  });

  test("a_foreign_id_and_a_missing_one_are_the_same_answer", async () => {
    for (const [foreign, missing] of [
      [`/api/accounts/${FOREIGN_ID}`, "/api/accounts/999"],
      [`/userapi/bankaccounts/details/${FOREIGN_ID}`, "/userapi/bankaccounts/details/999"],
    ] as const) {
      const texts = await Promise.all(
        [foreign, missing].map(async (path) => assertProblem(await site.ask(path, { key: ONE }), "forbidden")),
      );
      assert.equal(texts[0]?.detail, texts[1]?.detail);
    }
  });

  test("a_limit_of_accounts_is_the_callers_and_says_when_it_cut", async () => {
    const own = highestIds(accounts.filter((row) => LIMITED[THREE]?.includes(row.number)), 100).map(accountJson);
    for (const [limit, complete] of [[1, false], [2, false], [3, true], [4, true]] as const) {
      const list = await site.read(`/api/accounts?limit=${limit}`, { key: THREE });
      assert.deepEqual(list, { data: own.slice(0, limit), complete });
    }
  });

  test("drop_in_rows_of_a_limited_key_have_sepays_bytes", async () => {
    const key = ONE;
    const { transactions: rows } = await site.read<{ transactions: readonly { account_number: string; id: string }[] }>(
      "/userapi/transactions/list?limit=20",
      { key },
    );
    assert.equal(rows.length, 20);
    for (const row of rows.slice(0, 3)) {
      const reply = await site.ask(`/userapi/transactions/details/${row.id}`, { key });
      assert.ok(reply.text.endsWith(`"transaction":${JSON.stringify(row)}}`));
    }
  });

  test("drop_in_list_of_one_account_is_sepays_own_answer_for_it", async () => {
    for (const limit of [20, 1000]) {
      const reply = await site.ask(`/userapi/transactions/list?limit=${limit}`, { key: ONE });
      const direct = await fetch(
        `${site.sandbox.url}/userapi/transactions/list?limit=${limit}&account_number=0071000888888`,
        { headers: { Authorization: `Bearer ${site.sandbox.token}` } },
      );
      assert.ok(reply.text === (await direct.text()), `limit ${limit}: other bytes than SePay's`);
    }
  });

  test("a_failure_of_one_part_is_a_failure_of_the_whole", async () => {
    site.sandbox.addFault({ kind: "cut-json", path: "account_number=0900112233" });
    const key = THREE;
    const replies = await Promise.all([
      site.ask("/api/transactions", { key }),
      site.ask("/api/transactions/count", { key }),
      site.ask("/userapi/transactions/list", { key }),
    ]);
    site.sandbox.clearFaults();
    for (const reply of replies) assertProblem(reply, "upstream_unreadable");
  });
});

describe("an upstream whose filters let foreign rows through", () => {
  test("shows none of them to a limited key", async () => {
    const key = "edge_test_key_of_one_account";
    const site = await startSite({ keys: [keyEntry(key, { accounts: ["111"] })] });
    const row = (account_number: string) => ({
      id: "1", account_number, bank_account_id: "2", transaction_date: "2026-11-19 10:00:00", amount_in: "1.00", amount_out: "0.00",
    });
    const body = JSON.stringify({ status: 200, transactions: [row("111"), row("900222333")] });
    try {
      for (const status of [200, 201]) {
        site.sandbox.addFault({ kind: "body", status, body });
        for (const path of ["/api/transactions", "/userapi/transactions/list", "/userapi/transactions/list?account_number=111"]) {
          const reply = await site.ask(path, { key });
          assert.equal(reply.status, 502, `${status} ${path}`);
          assert.doesNotMatch(reply.text, /900222333/);
        }
        site.sandbox.clearFaults();
      }
    } finally {
      await site.close();
    }
  });

  test("a key of many accounts has to name one, and nothing is asked before", async () => {
    const key = "edge_test_key_of_many_accounts";
    const accounts = Array.from({ length: 30 }, (_, index) => String(1000 + index));
    const site = await startSite({ keys: [keyEntry(key, { accounts })] });
    try {
      const reply = await site.ask("/api/transactions", { key });
      assertProblem(reply, "invalid_parameter");
      assert.equal(site.sandbox.counters().requests, 0);
      assert.equal((await site.ask("/api/transactions?account=1003", { key })).status, 200);
    } finally {
      await site.close();
    }
  });
});
