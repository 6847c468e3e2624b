/**
 * SePay's token, the edge key, the secrets of tickets and a ticket's signature are in no answer (but the one that hands
 * the ticket out), no log line, no stored file and no build output: as they are, in hex, in URL encoding, and in base64
 * and base64url wherever in the encoded text they begin.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ROOT } from "../../scripts/tools.ts";
import type { FaultInput } from "../sandbox/faults.ts";
import { mint } from "./mint.ts";
import type { Minted } from "./mint.ts";
import { assertProblem } from "./problem.ts";
import { sendRaw } from "./raw.ts";
import { BOTH_SCOPES, keyEntry, startSite } from "./site.ts";
import type { Reply, Site } from "./site.ts";

/** With characters that each encoding writes differently. */
const TOKEN = "canary+token/with=marks~4f1d9c2ab7e8";
const EDGE_KEY = "canary+edge/key=marks~93b0c6d2e1aa";
const HASH = keyEntry(EDGE_KEY).sha256;
const TICKET_SECRET = "canary+ticket/secret=marks~7d10e5f2c3b94a86";
const PREVIOUS_SECRET = "canary+previous/secret=marks~b8a1c40f9e2d7356";
/** Of a profile that nobody asks. */
const IDLE_TOKEN = "canary+idle/token=marks~e0a95d7713bc";

const PATHS = [
  "/",
  "/healthz",
  "/nope",
  "/api/status",
  "/api/accounts",
  "/api/accounts/18",
  "/api/accounts/1",
  "/api/accounts/count",
  "/api/transactions?limit=5",
  "/api/transactions/count",
  "/api/transactions?limit=0",
  "/userapi/transactions/list?limit=5",
  "/userapi/bankaccounts/list",
  "/userapi/bankaccounts/details/1",
  "/api/tickets",
  "/api/tickets/self",
  "/api/tickets/self?x=1",
  "/api/vietqr?bank=VCB&account=0071000888888",
  "/api/vietqr?bank=VCB&acount=0071000888888",
  "/api/audit",
  "/metrics",
];

/** Ways in which SePay, or something in front of it, sends the token back. */
const ECHOES: readonly FaultInput[] = [
  { kind: "body", body: `{"authorization":"Bearer ${TOKEN}"}` },
  { kind: "body", status: 400, body: errorWith(`bad token ${TOKEN}`) },
  { kind: "body", status: 401, body: errorWith(`Bearer ${TOKEN} is not known`) },
  { kind: "body", status: 404, body: errorWith(TOKEN) },
  { kind: "body", status: 500, body: errorWith(TOKEN) },
  { kind: "body", body: `<html>authorization: Bearer ${TOKEN}</html>`, contentType: "text/html" },
  { kind: "body", body: `${TOKEN}`, contentType: "text/plain" },
  { kind: "status", status: 200, body: "{}", headers: { "X-Echo": `Bearer ${TOKEN}`, Authorization: `Bearer ${TOKEN}` } },
  { kind: "status", status: 302, headers: { Location: `http://127.0.0.1:9/?token=${encodeURIComponent(TOKEN)}` } },
  { kind: "status", status: 400, headers: { "Retry-After": TOKEN, "x-sepay-userapi-retry-after": TOKEN } },
  { kind: "body", status: 400, body: errorWith("x"), contentType: `application/json; echo="${TOKEN}"` },
  { kind: "foreign-429", retryAfterSeconds: 1, count: 1 },
  { kind: "cut-json" },
  { kind: "cut" },
  { kind: "empty" },
  { kind: "html", status: 403 },
];

/** The token as PHP's `json_encode` writes it, with its slashes escaped. */
const ESCAPED = errorWith(TOKEN).replaceAll("/", "\\/");

describe("secrets", () => {
  let site: Site;
  const replies: string[] = [];
  /** A ticket, and what of it is secret: the signature that makes it one. */
  let ticket = "";
  let secrets: readonly string[] = [TOKEN, EDGE_KEY, TICKET_SECRET, PREVIOUS_SECRET, IDLE_TOKEN];

  before(async () => {
    site = await startSite({
      bindings: {
        SEPAY_API_TOKEN: TOKEN,
        SEPAY_API_TOKEN_IDLE: IDLE_TOKEN,
        SEPAY_STRICT: "true",
        EDGE_TICKET_SECRET: TICKET_SECRET,
        EDGE_TICKET_SECRET_PREVIOUS: PREVIOUS_SECRET,
      },
      keys: [keyEntry(EDGE_KEY, { id: "canary", hide: ["holder"], scopes: [...BOTH_SCOPES, "tickets:write", "metrics:read", "audit:read"] })],
      sandbox: { token: TOKEN },
    });
    const reply = await mint(site.url, EDGE_KEY, { code: "DH001" });
    assert.equal(reply.status, 201, reply.text);
    ticket = (JSON.parse(reply.text) as Minted).ticket;
    assertClean([everything(reply)], "the answer with a ticket");
    secrets = [...secrets, ticket.split(".")[2] ?? ""];
  });
  after(() => site?.close());

  async function ask(path: string, key: string | null = EDGE_KEY): Promise<Reply> {
    const reply = await site.ask(path, { key });
    replies.push(everything(reply));
    return reply;
  }

  test("good_answers_and_refusals_of_every_kind_hold_none", async () => {
    for (const path of PATHS) {
      await ask(path);
      await ask(path, `${EDGE_KEY}x`);
      await ask(path, null);
      await ask(path, ticket);
      await ask(path, `${ticket}A`);
    }
    assert.equal((await ask("/api/accounts/18")).status, 200, "the canaries must be the secrets in use");
    assert.equal((await ask("/api/transactions?limit=5", ticket)).status, 200, "and so must the ticket's");
    for (const method of ["HEAD", "POST", "OPTIONS"]) {
      replies.push(everything(await site.ask("/api/accounts", { key: EDGE_KEY, method })));
    }
    assertClean(replies, "an answer");
  });

  test("a_wish_that_holds_them_is_not_repeated", async () => {
    for (const secret of secrets) {
      for (const wish of [{ code: secret, amount: 0 }, { accounts: [secret, secret] }, { hide: [secret] }, { scopes: [secret] }, `"${secret}"`]) {
        replies.push(everything(await mint(site.url, EDGE_KEY, wish)));
        replies.push(everything(await mint(site.url, ticket, wish)));
      }
    }
    assertClean(replies, "an answer");
  });

  test("an_upstream_that_echoes_the_token_gives_nothing_away", async () => {
    for (const fault of ECHOES) {
      for (const path of ["/api/accounts", "/api/transactions/723898", "/userapi/transactions/list?limit=1"]) {
        site.sandbox.addFault(fault);
        const reply = await ask(path);
        site.sandbox.clearFaults();
        assertClean([everything(reply)], `the answer of ${path} to ${JSON.stringify(fault)}`);
      }
    }
  });

  test("an_answer_that_holds_the_token_is_unreadable", async () => {
    site.sandbox.addFault({ kind: "body", body: errorWith(TOKEN) });
    for (const path of ["/api/accounts", "/userapi/bankaccounts/list"]) {
      assertProblem(await ask(path), "upstream_unreadable");
    }
    site.sandbox.clearFaults();
  });

  test("the_token_with_escaped_slashes_gives_nothing_away", async () => {
    for (const status of [200, 400, 401]) {
      for (const path of ["/api/accounts", "/userapi/bankaccounts/list"]) {
        site.sandbox.addFault({ kind: "body", status, body: ESCAPED });
        const reply = await site.ask(path, { key: EDGE_KEY });
        site.sandbox.clearFaults();
        const decoded = [everything(reply), reply.text.replaceAll("\\/", "/")];
        assertClean(decoded, `the answer of ${path} to a ${status} with escapes`);
      }
    }
  });

  test("a_key_in_the_wrong_place_is_not_repeated", async () => {
    for (const encoded of [EDGE_KEY, ticket].map(encodeURIComponent)) {
      for (const path of [
        `/api/accounts?bank=${encoded}&limit=0`,
        `/api/accounts/${encoded}`,
        `/api/transactions?sinceId=${encoded}`,
        `/api/${encoded}`,
        `/api/tickets/self?ticket=${encoded}`,
      ]) {
        replies.push(everything(await site.ask(path)));
      }
    }
    const reply = await sendRaw(site.url, "GET /api/accounts HTTP/1.1", [`Authorization: Basic ${EDGE_KEY}`]);
    replies.push(everything(reply));
    assertClean(replies, "an answer");
  });

  /** Requires that no text holds a secret in any spelling. Says where it was found, not what. */
  function assertClean(texts: readonly string[], where: string): void {
    const forbidden = [...secrets.flatMap(spellings), HASH];
    for (const text of texts) {
      const found = forbidden.findIndex((spelling) => text.includes(spelling));
      assert.equal(found, -1, `${where} holds a secret (spelling ${found})`);
    }
  }

  test("no_log_line_holds_one", () => assertClean(site.logs, "a log line"));

  test("no_stored_file_holds_one", async () => {
    // Whoever reads the trail of uses has it written first: these are the files in which a credential could be.
    assert.ok((await ask("/api/audit")).text.includes('"canary"'));
    const files = globSync("**/*", { cwd: site.stateDir }).map((name) => join(site.stateDir, name));
    assert.ok(contents(files).some((file) => file.includes("/api/tickets/self")), "no file holds the trail");
    assertClean(contents(files), "a stored file");
  });

  test("no_built_file_holds_one", () => {
    const names = globSync(["worker/build/**/*", "www/dist/**/*"], { cwd: ROOT });
    assert.ok(names.some((name) => name.endsWith(".wasm")) && names.some((name) => name.endsWith("index.html")));
    const built = names.filter((name) => statSync(join(ROOT, name)).isFile());
    const files = contents(built.map((name) => join(ROOT, name)));
    assertClean(files, "a built file");
    // The documentation shows the key that `npm start` prints, which everybody knows; nothing that runs holds it.
    const isDocumentation = (name: string): boolean => name.startsWith("www/dist/docs");
    for (const [index, file] of files.entries()) {
      assert.ok(!file.includes("edge_test_key"), "a built file holds a key of the tests");
      assert.ok(!file.includes("edge_demo_key") || isDocumentation(built[index] ?? ""), "a built file holds the key of the demo");
    }
  });
});

function errorWith(words: string): string {
  return JSON.stringify({ status: 400, error: 400, messages: { error: words } });
}

function everything(reply: Reply): string {
  return [reply.status, ...[...reply.headers].map((pair) => pair.join(": ")), reply.text].join("\n");
}

function contents(paths: readonly string[]): string[] {
  return paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, "latin1"));
}

/** Every way in which a secret may be written, each as a text that nothing but the secret brings about. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  const inBase64 = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // The first and the last letters depend on what stands around it.
    const sure = text.slice(offset === 0 ? 0 : offset + 1, Math.floor(((bytes.length + offset) * 8) / 6));
    return [sure, sure.replaceAll("+", "-").replaceAll("/", "_")];
  });
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/"), hex, hex.toUpperCase(), ...inBase64];
}

test("a_secret_is_found_in_every_spelling", () => {
  const found = (text: string): boolean => spellings(TICKET_SECRET).some((spelling) => text.includes(spelling));
  const around = ["", "a", "ab", "abc"].flatMap((before) => ["", "z", "zy"].map((behind) => `${before}${TICKET_SECRET}${behind}`));
  for (const encoding of ["utf8", "base64", "base64url", "hex"] as const) {
    for (const text of around) assert.ok(found(Buffer.from(text).toString(encoding)), encoding);
  }
  assert.ok(!found(TICKET_SECRET.slice(1)));
});
