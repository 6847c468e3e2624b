/**
 * Who may see what: every route of the Worker's table, asked with a credential in every state, while nothing is known,
 * while others with more rights have just asked, with their validators, and while SePay is down. A pure oracle, written
 * from the design, says what each may see: all of it must come, and nothing else.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { ROOT } from "../../scripts/tools.ts";
import { startSandbox } from "../sandbox/server.ts";
import type { Sandbox } from "../sandbox/server.ts";
import { OLD_SECRET, OTHER_TOKEN, credentials, keysToday, keysYesterday, spent, textOf } from "./matrix/credentials.ts";
import type { Credential } from "./matrix/credentials.ts";
import { expectedOf, faults } from "./matrix/judge.ts";
import type { Answer, Case } from "./matrix/judge.ts";
import { SECRET } from "./matrix/jwt.ts";
import { matching } from "./matrix/oracle.ts";
import type { Matching } from "./matrix/oracle.ts";
import { questionsOf } from "./matrix/questions.ts";
import type { Question } from "./matrix/questions.ts";
import { fill, startFront, wordsOf } from "./matrix/world.ts";
import type { Front } from "./matrix/world.ts";
import { minted } from "./mint.ts";
import { startSite } from "./site.ts";
import type { Site } from "./site.ts";

const TOKEN = "token-of-the-home-shop".padEnd(64, "0");

/** The rows of the matrix by the templates of their routes; the ids are known when the sandbox has booked them. */
const TEMPLATES = [...questionsOf({ firstId: 1, foreignId: 1 }).keys()];

/** How many requests are under way at a time. */
const AT_ONCE = 16;

const agent = new Agent({ keepAlive: true });

describe("the matrix", () => {
  let front: Front;
  let site: Site;
  let other: Sandbox;
  let who: readonly Credential[];
  let questions: ReadonlyMap<string, readonly Question[]>;
  let secrets: ReadonlySet<string>;

  before(async () => {
    const bindings = { EDGE_TICKET_SECRET: SECRET, EDGE_TICKET_SECRET_PREVIOUS: OLD_SECRET };
    [front, other] = await Promise.all([startFront(), startSandbox({ requestsPerSecond: 50, token: OTHER_TOKEN, seed: 7 })]);
    const [today, yesterday] = await Promise.all([
      startSite({
        keys: keysToday(TOKEN),
        bindings: { ...bindings, SEPAY_BASE_URL: front.url, SEPAY_API_TOKEN_OTHER: OTHER_TOKEN },
        sandbox: { token: TOKEN },
      }),
      startSite({ keys: keysYesterday(), bindings: { EDGE_TICKET_SECRET: OLD_SECRET } }),
    ]);
    site = today;
    front.lead(TOKEN, site.sandbox.url);
    front.lead(OTHER_TOKEN, other.url);
    const nowMs = Date.now();
    const firstId = fill(site.sandbox, 1, nowMs);
    fill(other, 2, nowMs);
    const home = new Set(site.sandbox.data().transactions.map(({ id }) => id));
    const foreignId = other.data().transactions.findLast(({ id }) => !home.has(id))?.id ?? 0;
    questions = questionsOf({ firstId, foreignId });
    secrets = wordsOf([site.sandbox, other].flatMap((sandbox) => Object.values(sandbox.data()).flat()));
    try {
      who = await credentials(TOKEN, { today: (name) => ticketOf(site, name), yesterday: (name) => ticketOf(yesterday, name) });
    } finally {
      await yesterday.close();
    }
  });
  after(async () => {
    agent.destroy();
    await Promise.all([site?.close(), other?.close(), front?.close()]);
  });

  /** All questions of a route to all callers; whoever is refused whatever is asked, is asked one. */
  function* casesOf(route: string, callers: readonly Credential[], everyQuestion: boolean): Generator<Omit<Case, "nowMs">> {
    const asked = (questions.get(route) ?? []).filter(({ always }) => always || everyQuestion);
    for (const question of asked) {
      const rows = (sandbox: Sandbox): Matching | null => question.asked && matching(question.asked, sandbox.data());
      const [atHome, atOther] = [rows(site.sandbox), rows(other)];
      for (const credential of callers) {
        if (credential.refused === null || question === asked[0]) {
          yield { question, credential, matching: credential.shop === "home" ? atHome : atOther, secrets };
        }
      }
    }
  }

  /** Asks and returns what is wrong with the answers. */
  async function askAll(cases: Generator<Omit<Case, "nowMs">>, how: (of: Case) => Promise<string[]>): Promise<string[]> {
    const wrong: string[] = [];
    await inParallel(cases, async (each) => {
      const { question, credential } = each;
      const found = await how({ ...each, nowMs: Date.now() });
      if (found.length > 0) wrong.push(`${question.method} ${question.path} as ${credential.name}: ${found.join("; ")}`);
    });
    return wrong;
  }

  const ask = (of: Case, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => send(site.url, of.question, of.credential.header, headers);

  let timesSpent = 0;
  /** Everybody, and those whose limit is used up now. */
  const everybody = async (): Promise<readonly Credential[]> => [...(await spent(timesSpent++, { today: (name) => ticketOf(site, name), yesterday: (name) => Promise.reject(new Error(name)) })), ...who];

  describe("while nothing is known", () => {
    for (const route of TEMPLATES) {
      test(route, async () => {
        assertNone(await askAll(casesOf(route, await everybody(), true), async (of) => faults(of, await ask(of))));
      });
    }
  });

  describe("while others with more rights have just asked, and with what they know of it", () => {
    for (const route of TEMPLATES) {
      test(route, async () => {
        const entitled = who.filter(({ refused, name }) => refused === null && name.startsWith("key"));
        const tags = new Map<Question, Map<string, string>>();
        const wrong = await askAll(casesOf(route, entitled, false), async (of) => {
          const answer = await ask(of);
          const etag = answer.headers.get("etag");
          const ofQuestion = tags.get(of.question) ?? new Map<string, string>();
          const isOther = etag !== null && (ofQuestion.get(etag) ?? answer.text) !== answer.text;
          if (etag !== null) tags.set(of.question, ofQuestion.set(etag, answer.text));
          return [...faults(of, answer), ...(isOther ? ["one validator for two answers"] : [])];
        });
        const again = await askAll(casesOf(route, await everybody(), false), async (of) => {
          const answer = await ask(of);
          const known = tags.get(of.question) ?? new Map<string, string>();
          const others = [...known].filter(([, text]) => text !== answer.text).map(([etag]) => etag);
          if (others.length === 0) return faults(of, answer);
          return [...faults(of, answer), ...faults(of, await ask(of, { "If-None-Match": others.join(", ") }))];
        });
        assertNone([...wrong, ...again]);
      });
    }
  });

  describe("while SePay is down and what is known is served", () => {
    before(() => {
      for (const sandbox of [site.sandbox, other]) sandbox.addFault({ kind: "status", status: 500 });
    });
    for (const route of TEMPLATES) {
      test(route, async () => {
        // Who does not wait gets what is known, or a refusal that shows nothing.
        const patience = { Prefer: "wait=0" };
        let [served, refused] = [0, 0];
        const wrong = await askAll(casesOf(route, await everybody(), false), async (of) => {
          const answer = await ask(of, patience);
          const isRefusal = [502, 503].includes(answer.status) && "rows" in expectedOf(of);
          if (isRefusal) refused += 1;
          else served += 1;
          return faults(of, answer).filter((fault) => !(isRefusal && fault.startsWith("status")));
        });
        assertNone(wrong);
        assert.ok(served > 9 * refused, `of what is known, ${refused} answers of ${served + refused} were refused`);
      });
    }
  });

  test("every_route_of_the_workers_table_has_a_row", async () => {
    const table = JSON.parse(await routes()) as [string, string][];
    assert.deepEqual(table.map(([template]) => template).toSorted(), TEMPLATES.toSorted());
    for (const [template, allowed] of table) {
      for (const { method } of questions.get(template) ?? []) assert.ok(allowed.split(", ").includes(method), template);
    }
  });
});

/** The table of the Worker, as its own code prints it. */
function routes(): Promise<string> {
  const cargo = spawn("cargo", ["run", "--quiet", "--locked", "-p", "sepay-worker", "--example", "routes"], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  return text(cargo.stdout);
}

/** A ticket that hides nothing, so that the matrix alone says what its tickets hide. */
async function ticketOf({ url }: Site, keyName: string): Promise<string> {
  return (await minted(url, textOf(keyName), { hide: [] })).ticket;
}

/** Not with `fetch`, which adds headers of its own to a request with a validator. */
function send(url: string, { method, path }: Question, authorization: string | null, rest: Readonly<Record<string, string>>): Promise<Answer> {
  const own = authorization === null ? {} : { Authorization: authorization };
  const body = method === "POST" ? '{"hide":[]}' : "";
  const ofBody = body === "" ? {} : { "Content-Type": "application/json", "Content-Length": String(body.length) };
  return new Promise((resolve, reject) => {
    const asking = request(`${url}${path}`, { method, agent, headers: { ...own, ...ofBody, ...rest } }, async (answer) => {
      const headers = new Headers(Object.entries(answer.headersDistinct).flatMap(([name, values]) => (values ?? []).map((value): [string, string] => [name, value])));
      resolve({ status: answer.statusCode ?? 0, statusText: answer.statusMessage ?? "", headers, text: await text(answer) });
    });
    asking.on("error", reject).end(body);
  });
}

async function inParallel<T>(left: Generator<T>, each: (one: T) => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const one of left) await each(one);
    }),
  );
}

function assertNone(wrong: readonly string[]): void {
  assert.ok(wrong.length === 0, `${wrong.length} answers are not what they should be:\n${wrong.slice(0, 12).join("\n")}`);
}
