// A shop's program, written against the types that openapi-typescript makes of the contract. It is compiled strictly and run
// by tests/contract/client.test.ts; `contract.d.ts` is made there. What a type must refuse is marked as an expected error.

import createClient from "openapi-fetch";

import type { components, paths } from "./contract.d.ts";

type Transaction = components["schemas"]["Transaction"];

const [baseUrl = "", key = ""] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

/** What is hidden from a key is null, and the types say so. */
function total(rows: readonly Transaction[]): number {
  return rows.reduce((sum, { amountIn }) => sum + (amountIn ?? 0), 0);
}

const list = await client.GET("/api/transactions", {
  params: { query: { account: "0071000888888", from: "2026-11-01", limit: 20 }, header: { Prefer: "wait=5" } },
});
if (list.error) throw new Error(`${list.error.code}: ${list.error.detail}`);

const one = await client.GET("/api/transactions/{id}", { params: { path: { id: "723898" } } });
const count = await client.GET("/api/transactions/count", { params: { query: { amountIn: 2_277_000 } } });
const refused = await client.GET("/api/transactions/{id}", { params: { path: { id: "not-an-id" } } });
const made = await client.POST("/api/tickets", { body: { ttlSeconds: 60, code: "DH001" } });

// @ts-expect-error A parameter that does not exist.
const misspelled = await client.GET("/api/transactions", { params: { query: { acount: "0071000888888" } } });
// @ts-expect-error A path that does not exist.
type NoSuchPath = paths["/api/transaction"];

console.log(
  JSON.stringify({
    rows: list.data.data.length,
    complete: list.data.complete,
    total: total(list.data.data),
    code: one.data?.data.code,
    occurredAt: one.data?.data.occurredAt,
    count: count.data?.count,
    refused: refused.error?.code,
    misspelled: misspelled.error?.detail,
    tokenType: made.data?.tokenType,
  } satisfies Record<string, unknown> & { NoSuchPath?: NoSuchPath }),
);
