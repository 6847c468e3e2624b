/**
 * The sandbox's door, on workerd: the page of `npm start` makes a payment arrive through it, nobody else does, and what is
 * deployed has none. Requests are written by hand, because no HTTP client lets a test choose `Host` freely.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ROOT } from "../../scripts/tools.ts";
import { startWorker } from "../../scripts/worker.ts";
import { assertProblem } from "./problem.ts";
import { exchange } from "./raw.ts";
import type { RawReply } from "./raw.ts";
import { KEY, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const DOOR = "/_sandbox/transactions";
const META = `<meta name="sepay-sandbox" content="${DOOR}">`;
const PAYMENT = { accountNumber: "0071000888888", amountIn: 150_000, content: "DH000777 cảm ơn", code: "DH000777" };
const MAX_BODY_BYTES = 16_384;

/** A request for the door; a header that is null is left out. */
interface Knock {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
}

/** What the page's own `fetch` sends, in Chromium. */
function ofThePage(url: string): Record<string, string> {
  return { Host: new URL(url).host, Origin: url, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json" };
}

function knock(url: string, { method = "POST", target = DOOR, headers = {}, body = JSON.stringify(PAYMENT) }: Knock = {}): Promise<RawReply> {
  const sent = { ...ofThePage(url), "Content-Length": String(Buffer.byteLength(body)), Connection: "close", ...headers };
  const lines = Object.entries(sent).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return exchange(url, Buffer.from([`${method} ${target} HTTP/1.1`, ...lines, "", body].join("\r\n")));
}

/** A payment whose JSON has exactly so many bytes. */
function paymentOf(bytes: number): string {
  const bare = Buffer.byteLength(JSON.stringify({ ...PAYMENT, content: "" }));
  return JSON.stringify({ ...PAYMENT, content: "x".repeat(bytes - bare) });
}

describe("the sandbox's door", () => {
  let site: Site;
  const added = (): number => site.sandbox.data().transactions.length - 12_000;
  const evil = (): string => `http://shop.evil.example:${new URL(site.url).port}`;

  before(async () => {
    site = await startSite({ sandboxDoor: true });
  });
  after(() => site?.close());

  test("the page names it, with the headers of the page, and stays the page that is deployed otherwise", async () => {
    const reply = await site.ask("/", { key: null });
    const deployed = readFileSync(join(ROOT, "www/dist/index.html"), "utf8");
    assert.equal(reply.text.indexOf(META), reply.text.indexOf("</head>") - META.length - 1);
    assert.equal(reply.text.replace(`${META}\n`, ""), deployed);
    assert.match(reply.headers.get("content-security-policy") ?? "", /^default-src 'none'; script-src 'self'/);
  });

  test("a payment that the page makes arrives, and is given back as SePay would send it", async () => {
    const reply = await knock(site.url, { body: JSON.stringify({ ...PAYMENT, content: "đơn DH000001" }) });
    assert.equal(reply.status, 201, reply.text);
    assert.equal(reply.headers.get("content-type"), "application/json");
    assert.equal(reply.headers.get("cache-control"), "private, no-store");
    const row = JSON.parse(reply.text) as { id: string; transaction_content: string };
    assert.equal(row.transaction_content, "đơn DH000001");
    const { data } = await site.read<{ data: { content: string; amountIn: number } }>(`/api/transactions/${row.id}`);
    assert.deepEqual([data.content, data.amountIn], ["đơn DH000001", 150_000]);
  });

  test("what the sandbox says of a bad payment is given back, status and all", async () => {
    const reply = await knock(site.url, { body: JSON.stringify({ ...PAYMENT, amountIn: -1 }) });
    assert.equal(reply.status, 400);
    assert.deepEqual((JSON.parse(reply.text) as { fields: string[] }).fields, ["amountIn"]);
  });

  const accepted: readonly [string, (url: string) => Knock][] = [
    ["Sec-Fetch-Site alone", () => ({ headers: { Origin: null } })],
    ["an Origin alone", () => ({ headers: { "Sec-Fetch-Site": null } })],
    ["a charset", () => ({ headers: { "Content-Type": "Application/JSON; charset=utf-8" } })],
    ["a query", () => ({ target: `${DOOR}?a=b` })],
    ["localhost", (url) => ({ headers: { Host: `localhost:${new URL(url).port}`, Origin: `http://localhost:${new URL(url).port}` } })],
    ["the largest body", () => ({ body: paymentOf(MAX_BODY_BYTES) })],
  ];
  for (const [what, how] of accepted) {
    test(`${what} is enough`, async () => {
      const reply = await knock(site.url, how(site.url));
      assert.equal(reply.status, 201, reply.text);
    });
  }

  test("everybody else is refused, and adds nothing", async (t) => {
    const refused: readonly [string, string, Knock][] = [
      ["neither Origin nor Sec-Fetch-Site", "forbidden", { headers: { Origin: null, "Sec-Fetch-Site": null } }],
      ["a foreign Origin", "forbidden", { headers: { Origin: "https://evil.example", "Sec-Fetch-Site": null } }],
      ["a foreign Origin that says same-origin", "forbidden", { headers: { Origin: "https://evil.example" } }],
      ["another port of this machine", "forbidden", { headers: { Origin: "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site" } }],
      ["another port, of a browser without Sec-Fetch-Site", "forbidden", { headers: { Origin: "http://127.0.0.1:1", "Sec-Fetch-Site": null } }],
      ["an opaque Origin", "forbidden", { headers: { Origin: "null", "Sec-Fetch-Site": null } }],
      ["an opaque Origin that says same-origin", "forbidden", { headers: { Origin: "null" } }],
      ["our own Origin from another site", "forbidden", { headers: { "Sec-Fetch-Site": "cross-site" } }],
      ["a link that was clicked", "forbidden", { headers: { Origin: null, "Sec-Fetch-Site": "none" } }],
      ["another name of this machine, by DNS rebinding", "forbidden", { headers: { Host: new URL(evil()).host, Origin: evil() } }],
      ["such a name without an Origin", "forbidden", { headers: { Host: new URL(evil()).host, Origin: null } }],
      ["such a name with miniflare's word for another URL", "forbidden", { headers: { Host: new URL(evil()).host, Origin: null, "MF-Original-URL": `${site.url}${DOOR}` } }],
      ["such a name after a loopback's", "forbidden", { headers: { Host: "127.0.0.1.evil.example", Origin: "http://127.0.0.1.evil.example" } }],
      ["another URL under our own name", "forbidden", { headers: { Origin: evil(), "MF-Original-URL": `${evil()}${DOOR}` } }],
      ["a form", "invalid_parameter", { headers: { "Content-Type": "text/plain" } }],
      ["no content type", "invalid_parameter", { headers: { "Content-Type": null } }],
      ["a content type that begins alike", "invalid_parameter", { headers: { "Content-Type": "application/json-seq" } }],
      ["a body that is too long", "invalid_parameter", { body: paymentOf(MAX_BODY_BYTES + 1) }],
      ["a body that is much too long", "invalid_parameter", { body: paymentOf(3_000_000) }],
      ["a body without a length that is too long", "invalid_parameter", { headers: { "Content-Length": null, "Transfer-Encoding": "chunked" }, body: `${(20_000).toString(16)}\r\n${paymentOf(20_000)}\r\n0\r\n\r\n` }],
      ["GET", "method_not_allowed", { method: "GET", body: "" }],
      ["PUT", "method_not_allowed", { method: "PUT" }],
      ["OPTIONS, a preflight", "method_not_allowed", { method: "OPTIONS", body: "", headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" } }],
    ];
    for (const [what, code, how] of refused) {
      await t.test(what, async () => {
        const before = added();
        const reply = await knock(site.url, how);
        assertProblem(reply, code);
        assert.equal(reply.headers.get("access-control-allow-origin"), null);
        assert.equal(reply.headers.get("allow"), code === "method_not_allowed" ? "POST" : null);
        assert.equal(added(), before);
      });
    }
  });

  test("no other control route is reached", async () => {
    for (const target of ["/_sandbox", "/_sandbox/reset", "/_sandbox/faults", `${DOOR}/`, `${DOOR}/../reset`, "/_sandbox//transactions", "/%5fsandbox/reset"]) {
      assert.equal((await knock(site.url, { target, body: "{}" })).status, 404, target);
    }
  });

  test("in all else the Worker is the Worker", async () => {
    assert.equal((await site.ask("/healthz", { key: null })).text, '{"status":"ok"}');
    assert.equal((await site.ask("/api/transactions/count", { key: null })).status, 401);
    assert.equal((await site.status()).profile, "default");
  });
});

describe("behind the sandbox's door", () => {
  const seen: IncomingMessage[] = [];
  const fake = createServer((request, response) => {
    seen.push(request);
    response.writeHead(418, { "Set-Cookie": "a=b", "X-Canary": "1" }).end('{"error":"tea"}');
  });
  let stateDir: string;
  let worker: Awaited<ReturnType<typeof startWorker>>;

  before(async () => {
    fake.listen(0, "127.0.0.1");
    await once(fake, "listening");
    stateDir = await mkdtemp(join(tmpdir(), "sepay-edge-test-"));
    const sandboxUrl = `http://127.0.0.1:${(fake.address() as AddressInfo).port}`;
    worker = await startWorker({ port: 0, bindings: {}, stateDir, sandboxUrl });
  });
  after(async () => {
    await worker?.close();
    fake.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  test("the sandbox gets the body and nothing else of the caller's, and the caller no header of the sandbox's", async () => {
    const body = '{"not":"looked at"}';
    const reply = await knock(worker.url, { body, headers: { Authorization: `Bearer ${KEY}`, Cookie: "canary=1", "X-Canary": "1" } });
    assert.deepEqual([reply.status, reply.text], [418, '{"error":"tea"}']);
    assert.deepEqual([reply.headers.get("set-cookie"), reply.headers.get("x-canary")], [null, null]);
    const [request] = seen;
    assert.deepEqual([request?.method, request?.url, seen.length], ["POST", DOOR, 1]);
    const names = Object.keys(request?.headers ?? {}).filter((name) => !["connection", "transfer-encoding", "accept-encoding", "cf-worker"].includes(name));
    assert.deepEqual(names.toSorted(), ["content-length", "content-type", "host"]);
    assert.equal(request?.headers["content-length"], String(body.length));
  });

  test("a sandbox that is gone is a problem", async () => {
    fake.closeAllConnections();
    fake.close();
    const problem = assertProblem(await knock(worker.url), "upstream_error");
    assert.equal(problem.detail, "the sandbox does not answer");
  });
});

describe("without the sandbox's door", () => {
  test("a site has neither path nor meta", async () => {
    const site = await startSite();
    try {
      assertProblem(await knock(site.url), "not_found");
      const page = await site.ask("/", { key: null });
      assert.equal(page.status, 200);
      assert.doesNotMatch(page.text, /sepay-sandbox/);
      assert.equal(site.sandbox.data().transactions.length, 12_000);
    } finally {
      await site.close();
    }
  });

  test("nothing that is deployed knows of it", () => {
    const files = ["worker/build", "www/dist"].flatMap((folder) => {
      const entries = globSync("**", { cwd: join(ROOT, folder), withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    });
    for (const known of ["worker/build/index.js", "worker/build/index_bg.wasm", "www/dist/index.html"]) {
      assert.ok(files.includes(join(ROOT, known)), known);
    }
    assert.ok(!existsSync(join(ROOT, "worker/build/with-door.js")));
    for (const file of files) {
      const text = readFileSync(file, "latin1");
      assert.ok(!text.includes("/_sandbox"), `${file} names the path`);
      // The page's script may look for it.
      assert.doesNotMatch(text, /<meta[^>]*sepay-sandbox/, file);
    }
  });
});
