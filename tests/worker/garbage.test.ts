/**
 * A bounded storm of requests made from the API's alphabet and from garbage. Whatever comes, the Worker answers with a
 * documented status, and SePay sees only GETs under /userapi/. GARBAGE_SEED repeats a storm.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { seededRandom } from "../sandbox/random.ts";
import type { Random } from "../sandbox/random.ts";
import { STATUS_OF, assertSomeProblem } from "./problem.ts";
import { sendRaw } from "./raw.ts";
import type { RawReply } from "./raw.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";

const SEED = Number(process.env["GARBAGE_SEED"] ?? 20261120);
const REQUESTS = 3000;
const AT_ONCE = 24;

const LIMITED_KEY = "edge_garbage_limited_key";

const METHODS = ["GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
const SEGMENTS = [
  "api", "api", "userapi", "accounts", "transactions", "bankaccounts", "list", "details", "count", "status", "healthz",
  "18", "723898", "1", "007", "..", ".", "", "%2e%2e", "%2f", "%00", "%ff", "%", "%zz", "a;b", "@", "~", "'\"", "ask", "_sandbox",
];
const PATHS = [
  "/api/accounts", "/api/accounts/18", "/api/accounts/count", "/api/transactions", "/api/transactions/723898",
  "/api/transactions/count", "/api/status", "/healthz", "/userapi/bankaccounts/list", "/userapi/bankaccounts/details/25",
  "/userapi/bankaccounts/count", "/userapi/transactions/list", "/userapi/transactions/details/1", "/userapi/transactions/count",
];
const NAMES = [
  "bank", "lastTransactionFrom", "lastTransactionTo", "sinceId", "limit", "balanceMin", "balanceMax", "account", "from",
  "to", "reference", "amountIn", "amountOut", "short_name", "since_id", "account_number", "transaction_date_min",
  "transaction_date_max", "reference_number", "amount_in", "amount_out", "accumulated_min", "%6cimit", "__proto__", "", "%00",
];
const VALUES = [
  "1", "5", "100", "0", "-1", "5000", "5001", "1e3", "0.5", "1.00", "9007199254740993", "2026-11-19", "2026-02-30",
  "2026-11-19T10:00:00Z", "2026-11-19%2010:00:00", "2026-11-19T10:00:00+07:00", "Vietcombank", "0071000888888", "",
  "%", "%00", "%ff", "%F0%9F%92%B8", "%E1%BA%A1", "a+b", "a%26limit%3D1", "a%0d%0aX:1", "NULL", "[]", "' OR 1=1--",
];
const HEADERS = [
  "Prefer: wait=25", "Prefer: wait=99999999999999999999", "Prefer: wait=0", "Prefer: =", "Accept: */*;q=x", "Accept-Encoding: gzip, zstd",
  "Range: bytes=5-1", "If-None-Match: \"x", "Cookie: a=\x7f", "X-Forwarded-Proto: ftp", "Origin: null", "Content-Length: 0",
  "Cache-Control: max-age=-1", "X-Gate-Note: {}", "Upgrade: websocket", "Expect: 100-continue", "CF-Worker: x", "\xe9: \xe9",
];
const AUTHORIZATIONS = [
  `Bearer ${KEY}`, `Bearer ${KEY}`, `Bearer ${KEY}`, `bearer ${KEY}`, `Bearer ${KEY},`,
  "Bearer", "Bearer \xff", "Basic YTpi", "", ",", "Bearer null",
];

/** One request of the storm. */
interface Shot {
  readonly line: string;
  readonly headers: readonly string[];
}

describe("a storm of garbage", () => {
  let site: Site;

  before(async () => {
    site = await startSite({ keys: [keyEntry(LIMITED_KEY, { accounts: ["0071000888888", "21860168"] })] });
  });
  after(() => site?.close());

  test(`${REQUESTS} requests of seed ${SEED} get documented answers`, async () => {
    const random = seededRandom(SEED);
    const shots = Array.from({ length: REQUESTS }, () => shot(random));
    const seen: Record<string, number> = {};
    const next = shots.entries();
    const shooter = async (): Promise<void> => {
      // All shooters take from one iterator.
      for (const [index, each] of next) {
        const reply = await sendRaw(site.url, each.line, each.headers);
        seen[reply.status] = (seen[reply.status] ?? 0) + 1;
        try {
          assertDocumented(each, reply);
        } catch (cause) {
          throw new Error(`seed ${SEED}, request ${index}: ${JSON.stringify(each)} got ${reply.status} ${reply.text.slice(0, 300)}`, { cause });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, shooter));
    for (const status of [200, 400, 401, 403, 404, 405]) {
      assert.ok((seen[status] ?? 0) >= 10, `the storm is too one-sided: ${JSON.stringify(seen)}`);
    }
  });

  test("the_worker_still_answers_afterwards", async () => {
    assert.equal((await site.ask("/healthz")).text, '{"status":"ok"}');
    assert.equal((await site.ask("/api/accounts/18")).status, 200);
    const { queue } = await site.status();
    assert.deepEqual([queue.questions, queue.inFlight, queue.callers], [0, 0, 0]);
  });

  test("sepay_saw_only_gets_that_it_understands_and_kept_its_limit", () => {
    const { violations, unknownParameters, malformedParameters, byPath } = site.sandbox.counters();
    assert.deepEqual([violations, unknownParameters, malformedParameters], [0, 0, 0]);
    assert.ok(!("other" in byPath), JSON.stringify(byPath));
    assert.deepEqual(new Set(site.sandbox.requests().map((request) => request.method)), new Set(["GET"]));
    assert.ok(site.sandbox.requests().every((request) => request.target.startsWith("/userapi/")));
  });

  test("nothing_panicked", () => {
    const trouble = site.logs.filter((line) => /panic|unreachable|RuntimeError|wasm|Error/i.test(line));
    assert.deepEqual(trouble, []);
  });
});

/** Our errors are problems; before our Worker the platform's HTTP parser and the page's files may refuse too. */
function assertDocumented(each: Shot, reply: RawReply): void {
  const { status, headers } = reply;
  if (status < 400) {
    // 307: the file server tidies the path of a page; 304 to If-None-Match.
    assert.ok([101, 200, 204, 304, 307].includes(status) || status === 0);
    assert.notEqual(status, 0, "hung up without an answer");
    return;
  }
  const isOurs = headers.get("x-request-id") !== null;
  if (!isOurs) {
    assert.ok(status < 500, "a server error that is not ours");
    // The platform resolves dots before it looks whose path it is.
    const { pathname } = new URL(`http://site${each.line.split(" ")[1]}`);
    assert.ok(status === 400 || !/^\/(api|userapi)\//.test(pathname), "not a problem of ours");
    return;
  }
  const isSePays = headers.get("content-type")?.startsWith("application/json") === true;
  if (isSePays) {
    assert.equal(status, 404, "SePay's own answer, without a fault");
    return;
  }
  if (each.line.startsWith("HEAD ")) {
    assert.equal(reply.text, "");
    assert.ok(Object.values(STATUS_OF).includes(status));
    return;
  }
  const { code } = assertSomeProblem(reply);
  // No time to wait is busy, or late where somebody else asks already.
  assert.ok(status < 500 || code === "upstream_busy" || code === "upstream_timeout", code);
}

function shot(random: Random): Shot {
  const method = random.pick(METHODS);
  const path = random.chance(0.7) ? random.pick(PATHS) : garbledPath(random);
  const query = random.chance(0.5) ? `?${garbledQuery(random)}` : "";
  const headers = Array.from({ length: random.integer(0, 2) }, () => random.pick(HEADERS));
  const good = `Bearer ${random.chance(0.7) ? KEY : LIMITED_KEY}`;
  const authorization = random.chance(0.75) ? good : random.pick(AUTHORIZATIONS);
  if (random.chance(0.95)) headers.push(`Authorization: ${authorization}`);
  return { line: `${method} ${path}${query} HTTP/1.1`, headers };
}

function garbledPath(random: Random): string {
  return `/${Array.from({ length: random.integer(1, 5) }, () => random.pick(SEGMENTS)).join("/")}`;
}

function garbledQuery(random: Random): string {
  const pairs = Array.from({ length: random.integer(1, 3) }, () => `${random.pick(NAMES)}=${random.pick(VALUES)}`);
  // A space would end the target.
  return pairs.join(random.chance(0.9) ? "&" : ";").replaceAll(" ", "+");
}
