/** The comparison is fair only if both do the same job: on every answer, the package says what the hand-written client says. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { bytes, fixture, listOf, PLAIN_TRANSACTION, READ, REFUSALS, rowWith, SUCCESSES, UNREAD } from "./client/answers.ts";
import { install } from "./client/built.ts";
import type { Surface } from "./client/built.ts";
import { PeerError } from "./client/peer-error.ts";
import { readTransactions } from "./client/peer.ts";
import type { Answer } from "./client/peer.ts";
import { TEXTS, texts } from "./client/texts.ts";

const installed = install();
after(() => installed.remove());
const { SePay, SePayError } = (await import(installed.url)) as Surface;

/** What an answer is to the package: rows, or the code and the place of an error. */
async function ours({ status, contentType, body }: Answer): Promise<unknown> {
  const headers = contentType === null ? {} : { "content-type": contentType };
  const fetch = (): Promise<unknown> => Promise.resolve({ status, headers, arrayBuffer: () => Promise.resolve(body.slice().buffer) });
  // A client for each: none has to wait for the pace of another.
  const sepay = new SePay({ apiToken: "t", maxRetries: 0, fetch });
  try {
    return (await sepay.transactions.list()).data;
  } catch (error) {
    if (!(error instanceof SePayError)) throw error;
    return { code: error.code, at: error.at ?? null };
  }
}

/** The same of the hand-written client. */
function peers(answer: Answer): unknown {
  try {
    return readTransactions(answer);
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    return { code: error.code, at: error.at };
  }
}

function good(body: Uint8Array | string): Answer {
  return { status: 200, contentType: "application/json", body: typeof body === "string" ? bytes(body) : body };
}

test("rows of every shape are the same objects", async () => {
  const fixtures = ["quick_start", "reference", "bom"].map((name) => `${name}_transactions.json`);
  for (const name of [...fixtures, "transactions_none.json", "transactions_variants.json"]) {
    assert.deepEqual(await ours(good(fixture(name))), readTransactions(good(fixture(name))), name);
  }
  for (const [field, wire, becomes] of READ) {
    const rows = await ours(good(listOf(rowWith({ [field]: wire }))));
    assert.deepEqual(rows, [{ ...PLAIN_TRANSACTION, ...becomes }], `${field}: ${wire}`);
  }
  for (const body of SUCCESSES) assert.deepEqual(await ours(good(body)), [], body);
});

test("what one refuses the other refuses, for the same reason at the same place", async () => {
  for (const [field, wire] of UNREAD) {
    const answer = good(listOf(rowWith({}), rowWith({ [field]: wire })));
    assert.deepEqual(await ours(answer), { code: "unreadable", at: `transactions[1].${field}` }, `${field}: ${wire}`);
    assert.deepEqual(peers(answer), await ours(answer), `${field}: ${wire}`);
  }
  for (const [status, contentType, body, refusal] of REFUSALS) {
    const answer = { status, contentType, body: bytes(body) };
    assert.deepEqual(await ours(answer), refusal, `${status} ${body}`);
    assert.deepEqual(peers(answer), refusal, `${status} ${body}`);
  }
});

test("an answer with any one byte changed is the same to both", async () => {
  const body = fixture("reference_transactions.json");
  const differing: string[] = [];
  for (let at = 0; at < body.length; at += 1) {
    for (const byte of [0x00, 0x20, 0x22, 0x2c, 0x2e, 0x30, 0x39, 0x3c, 0x5c, 0x6e, 0x7d, 0xc3]) {
      const changed = Uint8Array.from(body);
      changed[at] = byte;
      const [left, right] = [JSON.stringify(await ours(good(changed))), JSON.stringify(peers(good(changed)))];
      if (left !== right) differing.push(`byte ${at} to ${byte}: ${left} and ${right}`);
    }
  }
  assert.deepEqual(differing, []);
});

test("the texts that are measured are the same objects, 5,000 of them", async () => {
  const bodies = await texts();
  for (const name of TEXTS) {
    const rows = readTransactions(good(bodies[name]));
    assert.equal(rows.length, 5_000);
    assert.deepEqual(await ours(good(bodies[name])), rows, name);
  }
});
