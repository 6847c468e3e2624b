/**
 * Games with headers, methods and framing: whatever a caller sends beside its key has no effect on who may see what. Each
 * game is played on every route with a key for all, a key for one account, an unknown key and none, past what is known and
 * with it, on a socket that leads straight to the Worker. SePay gets our own GETs and nothing else.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { exchange } from "./raw.ts";
import type { RawReply } from "./raw.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const LIMITED = "edge_test_key_for_one_account";
const UNKNOWN = "edge_test_key_that_nobody_knows";

/** In whatever a game sends that must come out nowhere. */
const CANARY = "canary";

/** Known answers are the same each time; of the others only the status is. */
const DATA_ROUTES = ["/api/accounts", "/api/transactions?limit=3", "/userapi/transactions/list?limit=2"];
const OTHER_ROUTES = ["/api/status", "/metrics"];
const ROUTES = [...DATA_ROUTES, ...OTHER_ROUTES, "/healthz"];

/** What a game may come to: nothing changes, it is refused, the platform may choose between the two, or it names another path. */
type Outcome = "nothing" | "refused" | "either" | "moved";

/** One way of asking for a path; everything is what it usually is unless a game says otherwise. */
interface Game {
  readonly name: string;
  readonly outcome: Outcome;
  readonly method?: string;
  /** What stands where the path does. */
  readonly target?: (path: string) => string;
  readonly version?: string;
  /** The lines of `Host`. */
  readonly host?: readonly string[];
  /** The lines that carry a key. */
  readonly keyLines?: (key: string) => readonly string[];
  readonly lines?: readonly string[];
  readonly body?: string;
}

function harmless(...lines: readonly string[]): Game {
  return { name: lines.map((line) => line.slice(0, 60)).join(" + "), outcome: "nothing", lines };
}

/** Headers that another program may take for its own, or for another header's name. */
const STRANGERS = [
  ...["X-Forwarded-For: canary", "X-Forwarded-Host: canary.example", "X-Forwarded-Proto: ftp", "X-Forwarded-Port: 1", "X-Forwarded-Prefix: /canary"],
  ...["Forwarded: for=canary;host=canary.example;proto=ftp", "X-Real-IP: canary", "CF-Connecting-IP: canary", "True-Client-IP: canary"],
  ...["X-Original-URL: /api/transactions/1", "X-Rewrite-URL: /api/accounts", "X-Original-Host: canary", "X-Host: canary", "Via: 1.1 canary"],
  ...["X-HTTP-Method-Override: DELETE", "X-HTTP-Method: POST", "X-Method-Override: PUT", "X-Accel-Redirect: /canary", "X-Sendfile: canary"],
  ...["Prefer_: wait=0", "Cache_Control: max-age=0", "If_None_Match: *", "Content_Length: 9", "Transfer_Encoding: chunked", "X_Forwarded_For: canary"],
  ...["Cookie: canary=1; authorization=canary", "Referer: https://canary.example/", "User-Agent: canary", "Accept: text/canary", "Accept-Encoding: canary"],
  ...["Range: bytes=0-0", "If-Match: \"canary\"", "If-Range: \"canary\"", "If-Modified-Since: Thu, 19 Nov 2126 00:00:00 GMT", "If-Unmodified-Since: canary"],
  ...["TE: trailers", "Trailer: Authorization", "Max-Forwards: 0", "Pragma: no-cache", "Early-Data: 1", "Sec-Fetch-Mode: navigate", "X-Gate-Note: canary", "X-Request-Id: canary"],
  ...["Expect: 100-continue", "Keep-Alive: timeout=0", "Proxy-Connection: keep-alive", "Upgrade: h2c", "Origin: https://canary.example", "Origin: null"],
].map((line) => harmless(line));

/** A key is read from one place only. */
const KEYS_ELSEWHERE = [
  ...["X-Authorization", "Proxy-Authorization", "X-Forwarded-Authorization", "Authorization_", "HTTP_AUTHORIZATION", "X-Api-Key", "Api-Key", "Bearer"],
  ...["Authentication", "Sec-WebSocket-Protocol", "X-Gate-Note"],
].map((name): Game => ({ name: `a key in ${name}`, outcome: "refused", keyLines: (key) => [`${name}: Bearer ${key}`] }));

const KEYS_TWICE: readonly Game[] = [
  { name: "the key twice", outcome: "refused", keyLines: (key) => [bearer(key), bearer(key)] },
  { name: "the key and another one", outcome: "refused", keyLines: (key) => [bearer(key), bearer(UNKNOWN)] },
  { name: "another key and the key", outcome: "refused", keyLines: (key) => [bearer(UNKNOWN), bearer(key)] },
  { name: "the key in two spellings of the name", outcome: "refused", keyLines: (key) => [bearer(key), `AUTHORIZATION: Bearer ${key}`] },
  { name: "the key and Basic", outcome: "refused", keyLines: (key) => [bearer(key), "Authorization: Basic YTpi"] },
  { name: "an empty header and the key", outcome: "either", keyLines: (key) => ["Authorization:", bearer(key)] },
  { name: "the key and an empty header", outcome: "either", keyLines: (key) => [bearer(key), "Authorization:"] },
];

const KEYS_SPELLED: readonly Game[] = [
  { name: "the name in capitals", outcome: "nothing", keyLines: (key) => [`AUTHORIZATION: BEARER ${key}`] },
  { name: "no space after the colon", outcome: "nothing", keyLines: (key) => [`authorization:bearer ${key}`] },
  { name: "spaces and tabs around the value", outcome: "nothing", keyLines: (key) => [`Authorization: \t Bearer  ${key} \t`] },
  { name: "a space before the colon", outcome: "either", keyLines: (key) => [`Authorization : Bearer ${key}`] },
  { name: "a folded value", outcome: "either", keyLines: (key) => ["Authorization: Bearer", ` ${key}`] },
  { name: "a first line that is folded", outcome: "either", keyLines: (key) => [` ${bearer(key)}`] },
  { name: "a tab for the space", outcome: "refused", keyLines: (key) => [`Authorization: Bearer\t${key}`] },
  { name: "a quoted key", outcome: "refused", keyLines: (key) => [`Authorization: Bearer "${key}"`] },
  { name: "a key with a parameter", outcome: "refused", keyLines: (key) => [`Authorization: Bearer ${key};a=b`] },
  { name: "a key with a NUL", outcome: "refused", keyLines: (key) => [`Authorization: Bearer ${key}\0`] },
  { name: "a key of 60 kB", outcome: "refused", keyLines: (key) => [`Authorization: Bearer ${key}${"x".repeat(60_000)}`] },
];

/** Headers that we read, twice and strangely: what they ask for has an effect, but none on what is seen. */
const OWN_HEADERS = [
  harmless("Prefer: wait=9", "Prefer: wait=8"),
  harmless("Prefer: wait=9, wait=0, respond-async", "prefer: handling=canary"),
  harmless("Cache-Control: max-age=300", "Cache-Control: canary"),
  harmless("Cache-Control: only-if-cached, max-stale=canary"),
  harmless("Priority: u=7", "Priority: u=0, i"),
  harmless("If-None-Match: \"canary\"", "If-None-Match: W/\"canary\""),
  harmless("If-None-Match: *canary", "If_None_Match: *"),
  ...["Prefer", "Cache-Control", "Priority", "If-None-Match", "Origin", "Transfer-Encoding_", "X-Forwarded-For"].map((name) => harmless(`${name}:`)),
  ...["Prefer: wait=", "Cache-Control: ", "If-None-Match: ", "Priority: u=", "X-Any: "].map((start) => harmless(start + "9".repeat(8_000))),
  { ...harmless(...Array.from({ length: 200 }, (_, index) => `X-Canary-${index}: ${index}`)), name: "200 headers", outcome: "either" as const },
  { ...harmless(`X-Any: ${"a".repeat(200_000)}`), outcome: "either" as const },
  { ...harmless("Prefer: \xe9\xff", "Cache-Control: \x01"), outcome: "either" as const },
];

/** A caller may name headers that a proxy has to take away. There is none to obey it. */
const HOP_BY_HOP = ["authorization", "cache-control, host, prefer", "upgrade", "keep-alive, te", "canary"].map((value) =>
  harmless(`Connection: ${value}, close`),
);

const HOSTS: readonly Game[] = [
  ...["canary.example", "canary.example:1", "localhost", "[::1]", "my.sepay.vn", "CANARY.EXAMPLE"].map((host) => hosted(host, "nothing")),
  ...["user:canary@h", "%", "[", ":x", "a b", "a\tb", "canary#", "a".repeat(300)].map((host) => hosted(host, "either")),
  // On bare workerd such a host moves the path: it must not move the rights.
  ...["h/api/accounts?x=", "h/api/accounts#", "h/api/nope?x="].map((host) => hosted(host, "moved")),
  { name: "no Host", outcome: "either", host: [] },
  { name: "an empty Host", outcome: "either", host: ["Host:"] },
  { name: "two Hosts", outcome: "either", host: ["Host: a.example", "Host: canary.example"] },
  { name: "an absolute target", outcome: "either", target: (path) => `http://canary.example${path}` },
  { name: "an absolute target with a key in it", outcome: "either", target: (path) => `http://user:${KEY}@canary.example${path}` },
];

const METHODS: readonly Game[] = [
  ...["TRACE", "CONNECT", "PURGE", "PROPFIND", "DELETE", "PUT", "PATCH", "POST", "OPTIONS", "get", "Get", "GETX", "M-SEARCH", "CANARY"],
  ...["G\tET", "GET,HEAD", "\0GET", "A".repeat(5_000)],
].map((method) => ({ name: `method ${JSON.stringify(method.slice(0, 20))}`, outcome: "refused", method }));

const VERSIONS: readonly Game[] = ["HTTP/1.0", "HTTP/1.9", "HTTP/2.0", "HTTP/0.9", "HTTP/1.1 ", "http/1.1", "ICAP/1.0", ""].map((version) => ({
  name: `version ${JSON.stringify(version)}`,
  outcome: "either",
  version,
}));

/** Ends of lines that some readers take for the end and some do not; each would bring a key of its own. */
const SPLITS: readonly Game[] = ["\r", "\0", "\x0b", "\x85", "\u0120", "%0d%0a", "\\r\\n"].map((end) => ({
  name: `a key behind ${JSON.stringify(end)} in a value`,
  outcome: "refused",
  keyLines: (key) => [`X-Any: a${end}${bearer(key)}`],
}));

/** Where a body ends, told twice: a second request hides in what a reader may take for the body. */
const HIDDEN = `GET /api/transactions HTTP/1.1\r\nHost: ${CANARY}\r\n\r\n`;
const FRAMING: readonly Game[] = [
  framed("both lengths", ["Content-Length: 5", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
  framed("both lengths, the other way round", ["Transfer-Encoding: chunked", "Content-Length: 60"], `0\r\n\r\n${HIDDEN}`),
  framed("a length of nothing before chunks", ["Content-Length: 0", "Transfer-Encoding: chunked"], `5\r\naaaaa\r\n0\r\n\r\n${HIDDEN}`),
  framed("two lengths", ["Content-Length: 0", "Content-Length: 5"], "aaaaa"),
  framed("two lengths in one", ["Content-Length: 0, 5"], "aaaaa"),
  framed("the same length twice", ["Content-Length: 0", "Content-Length: 0"], "", "either"),
  ...["-1", "+0", "0x0", "1e1", "", "99999999999999999999", "canary", "5 5"].map((length) => framed(`length ${JSON.stringify(length)}`, [`Content-Length: ${length}`], "")),
  ...["xchunked", "chunked, identity", "identity", "gzip, chunked", "chunked;q=0", "\x0bchunked", "CHUNKED", ""].map((coding) =>
    framed(`coding ${JSON.stringify(coding)}`, [`Transfer-Encoding: ${coding}`], `0\r\n\r\n${HIDDEN}`),
  ),
  framed("two codings", ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], `0\r\n\r\n${HIDDEN}`),
  framed("a chunk of a strange size", ["Transfer-Encoding: chunked"], "-1\r\na\r\n0\r\n\r\n"),
  framed("trailers that are headers", ["Transfer-Encoding: chunked"], "0\r\nAuthorization: Bearer canary\r\nX-Canary: 1\r\n\r\n"),
  framed("a body without a length", [], HIDDEN, "nothing"),
];

const GAMES: readonly Game[] = [
  ...[...STRANGERS, ...KEYS_ELSEWHERE, ...KEYS_TWICE, ...KEYS_SPELLED, ...OWN_HEADERS, ...HOP_BY_HOP],
  ...[...HOSTS, ...METHODS, ...VERSIONS, ...SPLITS, ...FRAMING],
];

function bearer(key: string): string {
  return `Authorization: Bearer ${key}`;
}

function hosted(host: string, outcome: Outcome): Game {
  return { name: `Host: ${host.slice(0, 40)}`, outcome, host: [`Host: ${host}`] };
}

/** A GET has no body, so that it does not matter where one might end. */
function framed(name: string, lines: readonly string[], body: string, outcome: Outcome = "refused"): Game {
  return { name, outcome, lines, body };
}

/** Writes a request as the game wants it. */
function written(game: Game, path: string, key: string | null, cacheLines: readonly string[]): Buffer {
  const { method = "GET", target = (same: string) => same, version = "HTTP/1.1", host = ["Host: site.example"], keyLines = (own: string) => [bearer(own)] } = game;
  const lines = [...host, ...(key === null ? [] : keyLines(key)), ...cacheLines, ...(game.lines ?? [])];
  const hasConnection = lines.some((line) => line.startsWith("Connection:"));
  const head = [`${method} ${target(path)} ${version}`.trimEnd() + (version.endsWith(" ") ? " " : ""), ...lines, ...(hasConnection ? [] : ["Connection: close"])];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${game.body ?? ""}`, "latin1");
}

describe("games with headers", () => {
  let site: Site;
  const usual = new Map<string, RawReply>();
  const secrets: string[] = [];

  before(async () => {
    const keys = [
      keyEntry(KEY, { id: "all", scopes: ["accounts:read", "transactions:read", "metrics:read"] }),
      keyEntry(LIMITED, { id: "one", accounts: ["0071000888888"], scopes: ["accounts:read", "transactions:read", "metrics:read"] }),
    ];
    site = await startSite({ direct: true, bindings: { EDGE_KEYS: JSON.stringify(keys), EDGE_ORIGINS: "https://shop.example" } });
    secrets.push(...site.sandbox.data().accounts.flatMap(({ number, holder }) => [number, holder]), site.sandbox.token);
    for (const key of [KEY, LIMITED]) {
      for (const path of ROUTES) usual.set(key + path, await play(harmless(), path, key, []));
    }
  });
  after(() => site?.close());

  function play(game: Game, path: string, key: string | null, cacheLines: readonly string[]): Promise<RawReply> {
    return exchange(site.url, written(game, path, key, cacheLines));
  }

  test("the usual answers are good, and a limited key's are others", () => {
    for (const [asked, reply] of usual) assert.equal(reply.status, 200, `${asked}: ${reply.text}`);
    for (const path of DATA_ROUTES) assert.notEqual(usual.get(KEY + path)?.text, usual.get(LIMITED + path)?.text, path);
  });

  for (const game of GAMES) {
    test(game.name, async () => {
      const { requests } = site.sandbox.counters();
      await Promise.all(ROUTES.flatMap((path) => [playedWithout(game, path, null), playedWithout(game, path, UNKNOWN)]));
      assert.equal(site.sandbox.counters().requests, requests, "SePay was asked for somebody without a key");
      await Promise.all(ROUTES.flatMap((path) => [playedWith(game, path, KEY), playedWith(game, path, LIMITED)]));
    });
  }

  async function playedWithout(game: Game, path: string, key: string | null): Promise<void> {
    const reply = await play(game, path, key, []);
    assertClean(reply, path, key);
    assert.ok(reply.status !== 200 || path === "/healthz", `${path} is open without a key: ${reply.text}`);
    if (game.outcome === "nothing" && path !== "/healthz") assert.equal(reply.status, 401, path);
    for (const secret of secrets) assert.ok(!reply.text.includes(secret), `${path} shows ${secret} without a key`);
  }

  async function playedWith(game: Game, path: string, key: string): Promise<void> {
    // Past what is known, as far as the game lets it; and with it.
    for (const cacheLines of [["Cache-Control: no-cache"], []]) {
      const reply = await play(game, path, key, cacheLines);
      assertClean(reply, path, key);
      const expected = usual.get(key + (game.outcome === "moved" ? "/api/accounts" : path));
      const isSame = reply.status === 200;
      const mayBeRefused = game.outcome !== "nothing";
      const mayBeSame = game.outcome !== "refused" || (path === "/healthz" && game.method === undefined);
      assert.ok(isSame ? mayBeSame : mayBeRefused, `${path} with ${key}: ${reply.status} ${reply.text.slice(0, 300)}`);
      if (isSame && (DATA_ROUTES.includes(path) || game.outcome === "moved")) assert.equal(reply.text, expected?.text, `${path} with ${key} is another answer`);
    }
  }

  function assertClean(reply: RawReply, path: string, key: string | null): void {
    const all = JSON.stringify([...reply.headers]) + reply.text;
    const told = `${path} with ${key}: ${reply.status} ${all.slice(0, 400)}`;
    const isOurs = reply.headers.has("x-request-id");
    assert.ok(reply.status < 500 || !isOurs, `a server error of ours: ${told}`);
    assert.ok(![201, 204, 206, 301, 302, 307].includes(reply.status), told);
    assert.equal(reply.headers.get("access-control-allow-origin"), null);
    assert.ok(!all.includes(CANARY) && !all.includes(KEY), `what was sent comes back: ${told}`);
  }

  test("SePay got our own GETs only", () => {
    const asked = site.sandbox.requests();
    assert.ok(asked.length > 500, String(asked.length));
    for (const { method, target, headers } of asked) {
      assert.equal(method, "GET");
      assert.match(target, /^\/userapi\/(bankaccounts|transactions)\/(list|count)(\?[\w=&%.-]*)?$/);
      const values = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
      assert.equal(values.size, headers.length, "a header twice");
      for (const name of ["connection", "cf-worker", "accept-encoding"]) values.delete(name);
      assert.match(values.get("user-agent") ?? "", /^sepay-edge\/\d/);
      values.delete("user-agent");
      assert.deepEqual(Object.fromEntries(values), {
        accept: "application/json",
        authorization: `Bearer ${site.sandbox.token}`,
        host: new URL(site.sandbox.url).host,
      });
    }
    const seen = JSON.stringify(asked).toLowerCase();
    for (const word of [CANARY, KEY, LIMITED, UNKNOWN, "site.example"]) assert.ok(!seen.includes(word), `SePay saw ${word}`);
    const { violations, unknownParameters, malformedParameters, unauthorized } = site.sandbox.counters();
    assert.deepEqual([violations, unknownParameters, malformedParameters, unauthorized], [0, 0, 0, 0]);
  });

  test("the Worker is well and has said nothing of any of it", async () => {
    assert.equal((await site.ask("/api/accounts")).status, 200);
    for (const line of site.logs) assert.ok(![CANARY, KEY, LIMITED, site.sandbox.token].some((word) => line.includes(word)), line);
    assert.deepEqual(site.logs.filter((line) => /panic|unreachable|RuntimeError|request failed/i.test(line)), []);
  });
});
