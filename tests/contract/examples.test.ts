/**
 * The contract's examples are true: each fits its own schema, and each request that they make is answered by the running
 * Worker as the contract says, in status, headers and body; those about known rows to the letter.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { keyEntry } from "../worker/site.ts";
import type { Site } from "../worker/site.ts";
import { closed, committed, examples, part, routes } from "./document.ts";
import type { Answer, Header, Media, Parameter, Part, Route } from "./document.ts";
import { EVERYTHING, startTarget } from "./target.ts";
import { judgeBy } from "./tools.ts";

const contract = closed(committed());
const judge = judgeBy(contract);

/** A key that sees as little of each row as can be. */
const MASKED = "edge_test_key_that_sees_next_to_nothing";

/** What is different each time: the gate's numbers, ids and times of tickets, and who has used what. */
const EVER_NEW = ["/api/status", "/metrics", "/api/tickets", "/api/tickets/self", "/api/audit"];

/** A request as the examples make it. */
interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

function parametersOf({ operation }: Route): Parameter[] {
  return (operation.parameters ?? []).map((parameter) => part<Parameter>(contract, parameter));
}

/** A request with the path of the examples, the parameters that must be given, and these. */
function request(route: Route, chosen: (parameter: Parameter) => boolean): Request {
  const parameters = parametersOf(route);
  const path = parameters.filter((each) => each.in === "path").reduce((made, { name, example }) => made.replace(`{${name}}`, String(example)), route.path);
  const pairs = (place: string) =>
    parameters.filter((each) => each.in === place && (each.required || chosen(each))).map(({ name, example }): [string, string] => [name, String(example)]);
  const query = new URLSearchParams(pairs("query")).toString();
  const media = route.operation.requestBody?.content["application/json"];
  const body = media === undefined ? {} : { body: JSON.stringify(media.example), headers: { "Content-Type": "application/json" } };
  return { ...body, path: query === "" ? path : `${path}?${query}`, headers: { ...body.headers, ...Object.fromEntries(pairs("header")) } };
}

describe("the contract's examples", () => {
  for (const route of routes(contract)) {
    test(`fit their schemas: ${route.operation.operationId}`, () => {
      for (const parameter of parametersOf(route)) {
        const { schema } = parameter as unknown as { schema: Part };
        assert.notEqual(parameter.example, undefined, parameter.name);
        assert.deepEqual(judge(schema, parameter.example), [], parameter.name);
      }
      const bodies = Object.values(route.operation.requestBody?.content ?? {});
      for (const [status, response] of Object.entries(route.operation.responses)) {
        const { content = {} } = part<Answer>(contract, response);
        assert.ok(Object.keys(content).length > 0 || status === "304", status);
        bodies.push(...Object.values(content));
      }
      for (const media of bodies) {
        assert.ok(examples(media).length > 0);
        for (const example of examples(media)) assert.deepEqual(judge(media.schema, example), []);
      }
    });
  }

  test("fit their schemas: headers", () => {
    for (const [name, header] of Object.entries(contract.components["headers"] ?? {})) {
      const { schema } = header as unknown as Header;
      const shown = [schema["const"], ...((schema["examples"] as unknown[]) ?? [])].filter((value) => value !== undefined);
      assert.ok(shown.length > 0, name);
      for (const value of shown) assert.deepEqual(judge(schema, value), [], name);
    }
  });
});

describe("the contract's requests", { timeout: 120_000 }, () => {
  let site: Site;
  before(async () => {
    const hide = (contract.components["schemas"]?.["Rights"]?.["properties"] as { hide: { items: { enum: string[] } } }).hide.items.enum;
    site = await startTarget([keyEntry(MASKED, { id: "masked", hide })]);
  });
  after(() => site?.close());

  /** Asks, and requires an answer such as the contract has for this status. */
  const ask = async (route: Route, { path, headers, body }: Request, how: { key?: string | null; method?: string } = {}) => {
    const { key = EVERYTHING, method = route.method } = how;
    const authorization: Record<string, string> = key === null ? {} : { Authorization: `Bearer ${key}` };
    const reply = await fetch(site.url + path, { method, headers: { ...authorization, ...headers }, ...(body === undefined ? {} : { body }) });
    const text = await reply.text();
    const named = `${method} ${path}: ${reply.status} ${text.slice(0, 300)}`;
    const response = route.operation.responses[reply.status];
    assert.ok(response, named);
    assert.deepEqual(misfits(part<Answer>(contract, response), reply, method === "HEAD" ? undefined : text), [], named);
    return { status: reply.status, headers: reply.headers, text };
  };

  for (const route of routes(contract)) {
    const { operationId } = route.operation;

    test(`are answered as it says, all parameters at once: ${operationId}`, async () => {
      const { status, text } = await ask(route, request(route, () => true));
      assert.equal(status, route.method === "POST" ? 201 : 200);
      const media = part<Answer>(contract, route.operation.responses[status] ?? {}).content?.["application/json"];
      if (media !== undefined && !EVER_NEW.includes(route.path)) assert.deepEqual(JSON.parse(text), media.example);
    });

    test(`are answered as it says, each parameter alone: ${operationId}`, async () => {
      for (const one of parametersOf(route)) {
        const { status } = await ask(route, request(route, (each) => each.name === one.name));
        assert.equal(status, 200, one.name);
      }
    });

    test(`are refused as it says: ${operationId}`, async () => {
      const plain = request(route, () => false);
      const isOpen = route.operation.security.length === 0;
      assert.equal((await ask(route, plain, { key: null })).status, isOpen ? 200 : 401);
      if (isOpen) return;
      const odd = await ask(route, { ...plain, path: `${plain.path}${plain.path.includes("?") ? "&" : "?"}no-such-parameter=1` });
      assert.equal(odd.status, 400);
    });

    if (route.method !== "GET") continue;
    test(`are answered to HEAD too: ${operationId}`, async () => {
      const plain = request(route, () => false);
      const { status, text } = await ask(route, plain, { method: "HEAD" });
      assert.deepEqual([status, text], [200, ""]);
      const etag = (await ask(route, plain)).headers.get("etag");
      assert.equal(etag !== null, "304" in route.operation.responses);
      if (etag === null) return;
      const unchanged = await ask(route, { ...plain, headers: { "If-None-Match": etag, "Cache-Control": "max-age=300" } });
      assert.equal(unchanged.status, 304);
    });
  }

  for (const route of routes(contract).filter(({ operation }) => operation.tags.some((tag) => /^(accounts|transactions)$/.test(tag)))) {
    test(`are answered with null for what is hidden: ${route.operation.operationId}`, async () => {
      const { status, text } = await ask(route, request(route, () => false), { key: MASKED });
      assert.equal(status, 200);
      const { data } = JSON.parse(text) as { data?: unknown };
      const rows = [data].flat().filter((row) => row !== undefined) as Part[];
      for (const row of rows) assert.ok(row["accountNumber"] === null && row["balance"] === null, JSON.stringify(row));
    });
  }
});

/** What of an answer is not as the contract has it. */
function misfits(answer: Answer, reply: Response, text: string | undefined): string[] {
  const found = Object.entries(answer.headers ?? {}).flatMap(([name, header]) => {
    const { required = false, schema } = part<Header>(contract, header);
    const value = reply.headers.get(name);
    if (value === null) return required ? [`${name} is missing`] : [];
    return judge(schema, schema["type"] === "integer" ? Number(value) : value).map((why) => `${name}: ${why}`);
  });
  if (answer.content === undefined) return text ? [...found, "a body where none is due"] : found;
  const type = (reply.headers.get("content-type") ?? "").split(";")[0] ?? "";
  const media: Media | undefined = answer.content[type];
  if (media === undefined) return [...found, `the content type ${type}`];
  if (text === undefined) return found;
  return [...found, ...judge(media.schema, type.endsWith("json") ? JSON.parse(text) : text)];
}
