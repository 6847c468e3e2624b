/** The comparison is fair only if the peer does the same job: its answers are ours, to the byte. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { AUTHORIZED, startSystem } from "./site.ts";
import type { BenchSite } from "./site.ts";

const QUICKLY = { sandbox: { requestsPerSecond: 50 } };
const sites = { ours: await startSystem("ours", QUICKLY), peer: await startSystem("peer", QUICKLY) };
after(() => Promise.all(Object.values(sites).map((site) => site.close())));

function get(site: BenchSite, path: string, headers: Readonly<Record<string, string>> = AUTHORIZED): Promise<Response> {
  return fetch(site.url + path, { headers });
}

for (const query of ["limit=200", "", "account=0071000888888&limit=20", "from=2026-11-01&to=2026-11-19", "amountIn=2277000", "limit=5000"]) {
  test(`both answer the same to '${query}'`, async () => {
    const [ours, peer] = await Promise.all([get(sites.ours, `/api/transactions?${query}`), get(sites.peer, `/api/transactions?${query}`)]);
    assert.equal(ours.status, 200);
    assert.equal(peer.status, 200);
    assert.equal(peer.headers.get("content-type"), ours.headers.get("content-type"));
    assert.equal(await peer.text(), await ours.text());
  });
}

for (const [name, path, headers, status] of [
  ["no key", "/api/transactions", {}, 401],
  ["a wrong key", "/api/transactions", { Authorization: "Bearer wrong" }, 401],
  ["an unknown parameter", "/api/transactions?acount=1", AUTHORIZED, 400],
  ["a wrong limit", "/api/transactions?limit=0", AUTHORIZED, 400],
  ["no such route", "/api/transaction", AUTHORIZED, 404],
] as const) {
  test(`both answer ${status} to ${name}`, async () => {
    for (const site of Object.values(sites)) assert.equal((await get(site, path, headers)).status, status, site.system);
  });
}

test("the peer joins identical questions, keeps the answer, and knows its ETag again", async () => {
  const before = sites.peer.sandbox.counters().requests;
  const answers = await Promise.all(Array.from({ length: 20 }, () => get(sites.peer, "/api/transactions?limit=7")));
  assert.deepEqual(answers.map(({ status }) => status), Array(20).fill(200));
  const calls = sites.peer.sandbox.counters().requests - before;
  assert.ok(calls >= 1 && calls < 5, `${calls} calls`);
  const etag = answers[0]?.headers.get("etag") ?? "";
  const again = await get(sites.peer, "/api/transactions?limit=7", { ...AUTHORIZED, "If-None-Match": etag });
  assert.equal(again.status, 304);
});

test("the peer answers more questions than fit into a second", async () => {
  const paths = Array.from({ length: 120 }, (_, index) => `/api/transactions?limit=1&amountIn=${index + 1}`);
  const answers = await Promise.all(paths.map((path) => get(sites.peer, path)));
  assert.deepEqual(answers.map(({ status }) => status), Array(120).fill(200));
});
