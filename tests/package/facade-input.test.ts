// Whatever is given as options, as parameters or as a call's options: a typed error that names it, or it works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import type { CallOptions, SePayOptions } from "../../src/js/npm/src/types.ts";
import { clientOf, counted, errorOf, npm } from "./facade-client.ts";

const { InvalidParameterError, SePay } = npm;
const SECRET = "S3CRET-TOKEN";

/** A Proxy that throws whatever is asked of it. */
const hostile: object = new Proxy({}, Object.fromEntries(["get", "has", "ownKeys", "getOwnPropertyDescriptor", "getPrototypeOf"].map((trap) => [trap, fault])));

function fault(): never {
  throw new Error("trapped");
}

function refusal(options: unknown): InstanceType<typeof InvalidParameterError> {
  try {
    new SePay(options as SePayOptions);
  } catch (error) {
    assert.ok(error instanceof InvalidParameterError, inspect(error));
    assert.equal(error.code, "invalid_parameter");
    assert.ok(!inspect(error, { showHidden: true, depth: 9 }).includes(SECRET), inspect(error));
    return error;
  }
  return assert.fail(`was taken: ${inspect(options)}`);
}

// Options

test("a client is made of good options, in every form that is allowed", () => {
  const apiToken = SECRET;
  const good: SePayOptions[] = [
    { apiToken },
    { apiToken: `${SECRET}\n`, baseURL: undefined, timeout: undefined, fetch: undefined, onEvent: undefined },
    { apiToken, baseURL: "https://my.sepay.vn/", timeout: 1, deadline: 0.5, maxRetries: 0, requestsPerSecond: 50 },
    { apiToken, userAgent: "shop/1.0 (+https://shop.vn)", fetch: async () => undefined, onEvent: () => undefined },
    { apiToken, dangerouslyAllowBrowser: true },
    Object.create(null, { apiToken: { value: apiToken, enumerable: true } }) as SePayOptions,
    new Proxy({ apiToken }, {}),
  ];
  for (const options of good) assert.ok(new SePay(options) instanceof SePay);
});

test("an unknown option is refused, also when it is undefined, and the nearest right one is named", () => {
  const wrong: [string, string | undefined][] = [
    ["apitoken", "apiToken"],
    ["token", undefined],
    ["baseUrl", "baseURL"],
    ["timeoutMs", "timeout"],
    ["maxRetry", "maxRetries"],
    ["requestPerSecond", "requestsPerSecond"],
    ["onEvents", "onEvent"],
    ["zzz", undefined],
  ];
  for (const [name, right] of wrong) {
    for (const value of [undefined, 1]) {
      const error = refusal({ apiToken: SECRET, [name]: value });
      assert.equal(error.parameter, name);
      const hint = right === undefined ? "" : `did you mean ${right}?`;
      assert.ok(error.message.startsWith(`${name}: unknown option; ${hint}`), error.message);
    }
  }
});

test("a wrong option is named, with what was expected and without what was found", () => {
  const wrong: [Record<string, unknown>, RegExp][] = [
    ...["", " ", "a b", "é", "x".repeat(513)].map((apiToken): [Record<string, unknown>, RegExp] => [{ apiToken }, /^apiToken: expected/]),
    ...[7, null, true, Symbol("s"), {}, [SECRET]].map((apiToken): [Record<string, unknown>, RegExp] => [{ apiToken }, /^apiToken: expected/]),
    ...[7, null, "", "ftp://x", "my.sepay.vn", `https://u:${SECRET}@x`].map((baseURL): [Record<string, unknown>, RegExp] => [{ baseURL }, /^baseURL: expected/]),
    ...[0, -1, Number.NaN, Infinity, 2 ** 31, "1", null, 5n].map((timeout): [Record<string, unknown>, RegExp] => [{ timeout }, /^timeout: expected/]),
    ...[0, -0.1, Number.NaN, Infinity, "1", null].map((deadline): [Record<string, unknown>, RegExp] => [{ deadline }, /^deadline: expected/]),
    ...[-1, 1.5, Number.NaN, Infinity, 11, "2"].map((maxRetries): [Record<string, unknown>, RegExp] => [{ maxRetries }, /^maxRetries: expected/]),
    ...[0, 0.5, 51, Number.NaN, null].map((requestsPerSecond): [Record<string, unknown>, RegExp] => [{ requestsPerSecond }, /^requestsPerSecond: expected/]),
    ...[null, "fetch", {}].map((fetch): [Record<string, unknown>, RegExp] => [{ fetch }, /^fetch: expected/]),
    ...[null, "x", {}].map((onEvent): [Record<string, unknown>, RegExp] => [{ onEvent }, /^onEvent: expected/]),
    ...["", null, "a\r\nb: c", "é"].map((userAgent): [Record<string, unknown>, RegExp] => [{ userAgent }, /^userAgent: expected/]),
    ...["yes", null, 1].map((allowed): [Record<string, unknown>, RegExp] => [{ dangerouslyAllowBrowser: allowed }, /^dangerouslyAllowBrowser: expected/]),
  ];
  for (const [options, expected] of wrong) {
    const error = refusal({ apiToken: SECRET, ...options });
    assert.match(error.message, expected);
    assert.equal(error.parameter, Object.keys(options)[0]);
  }
});

test("options that are no plain object, or fight being read, are refused", () => {
  for (const options of [null, SECRET, 7, true, [], [SECRET], () => SECRET, new Date(), new Map(), Promise.resolve({}), { [Symbol("s")]: 1 }]) {
    assert.equal(refusal(options).parameter, "options");
  }
  const trapped = [hostile, { get apiToken(): string { return fault(); } }];
  for (const options of trapped) assert.match(inspect(refusal(options).cause), /trapped/);
});

test("the token is taken from the environment, and its absence is told", () => {
  const before = process.env["SEPAY_API_TOKEN"];
  try {
    process.env["SEPAY_API_TOKEN"] = SECRET;
    for (const options of [undefined, {}, { apiToken: undefined }]) assert.ok(new SePay(options) instanceof SePay);
    delete process.env["SEPAY_API_TOKEN"];
    assert.match(refusal({}).message, /^apiToken: expected SePay's API token as text, or SEPAY_API_TOKEN in the environment; found neither$/);
  } finally {
    if (before === undefined) delete process.env["SEPAY_API_TOKEN"];
    else process.env["SEPAY_API_TOKEN"] = before;
  }
});

test("a client shows its token to nobody", () => {
  const sepay = new SePay({ apiToken: SECRET, baseURL: "https://my.sepay.vn" });
  const shown = [inspect(sepay, { showHidden: true, depth: 20 }), JSON.stringify(sepay), String(sepay), inspect({ ...sepay }, { showHidden: true, depth: 20 })];
  for (const text of shown) assert.ok(!text.includes(SECRET), text);
  assert.equal(inspect(sepay), "SePay { baseURL: 'https://my.sepay.vn', apiToken: [redacted] }");
  assert.deepEqual(JSON.parse(JSON.stringify(sepay)), { baseURL: "https://my.sepay.vn", apiToken: "[redacted]" });
});

test("in a browser the constructor refuses and says what to do, unless it is told otherwise", () => {
  Object.defineProperty(process, "type", { value: "renderer", configurable: true });
  try {
    assert.match(refusal({ apiToken: SECRET }).message, /^dangerouslyAllowBrowser: this is a browser.*@sepay-edge\/client\/edge/);
    assert.match(refusal({ apiToken: SECRET, dangerouslyAllowBrowser: false }).message, /this is a browser/);
    assert.ok(new SePay({ apiToken: SECRET, dangerouslyAllowBrowser: true }) instanceof SePay);
  } finally {
    delete (process as { type?: string }).type;
  }
});

// Parameters

/** Asks nobody; parameters are judged before. */
const sepay = clientOf(() => assert.fail("was asked"));

async function refused(params: unknown): Promise<string> {
  const error = await errorOf(sepay.transactions.list(params as never));
  assert.ok(error instanceof InvalidParameterError, inspect(error));
  assert.ok(error.parameter !== undefined && error.message.startsWith(`${error.parameter}: `), error.message);
  assert.throws(() => sepay.transactions.iterate(params as never), { name: "InvalidParameterError", message: error.message });
  return error.message;
}

test("an unknown parameter is refused with the nearest right one, SePay's other names too", async () => {
  const meant: [string, string][] = [
    ["acount", "account"],
    ["account_number", "account"],
    ["transaction_date_min", "from"],
    ["transaction_date_from", "from"],
    ["from_date", "from"],
    ["since_id", "sinceId"],
    ["per_page", "limit"],
  ];
  for (const [name, right] of meant) {
    for (const value of ["1", undefined]) {
      const message = await refused({ [name]: value });
      assert.ok(message.startsWith(`${name}: unknown parameter; `) && message.includes(right), message);
    }
  }
  assert.match(await refused({ page: 2 }), /^page: unknown parameter; /);
  assert.match(await refused({ signal: AbortSignal.abort() }), /^signal: unknown parameter; it belongs into the second argument$/);
  const { message } = await errorOf(sepay.transactions.count({ limit: 5 } as object));
  assert.match(message, /^limit: unknown parameter/);
  assert.match((await errorOf(sepay.bankAccounts.list({ account: "1" } as object))).message, /^account: unknown parameter/);
});

test("values that would be changed in silence are refused by name, and never repeated", async () => {
  const wrong: [unknown, string][] = [
    [{ account: 71000888888 }, "account: expected text, found a number: a number loses its leading zeros"],
    [{ account: 71000888888n }, "account: expected text, found a bigint"],
    [{ reference: null }, "reference: expected text, found null"],
    [{ amountIn: Number.NaN }, "amountIn: expected a whole number, a bigint or digits, found NaN"],
    [{ amountIn: -Infinity }, "amountIn: expected a whole number, a bigint or digits, found Infinity"],
    [{ amountIn: 0.1 }, "amountIn: expected a whole number, a bigint or digits, found a fraction"],
    [{ amountIn: 2 ** 53 }, "amountIn: expected a whole number, a bigint or digits, found a number too large to be exact"],
    [{ amountIn: true }, "amountIn: expected a whole number, a bigint or digits, found a boolean"],
    [{ amountIn: Symbol("5") }, "amountIn: expected a whole number, a bigint or digits, found a symbol"],
    [{ amountIn: { valueOf: () => 5 } }, "amountIn: expected a whole number, a bigint or digits, found an object"],
    [{ sinceId: null }, "sinceId: expected a whole number, a bigint or digits, found null; leave it out to mean none"],
    [{ limit: [5] }, "limit: expected a whole number, a bigint or digits, found an array"],
    [{ from: Date.now() }, "from: expected a Date, or text such as 2026-11-01; found a number"],
    [{ to: new Date("soon") }, "to: expected a Date, or text such as 2026-11-01; found an invalid Date"],
    [{ to: null }, "to: expected a Date, or text such as 2026-11-01; found null"],
    [{ from: new Proxy(new Date(), {}) }, "from: expected a Date, or text such as 2026-11-01; found an object"],
  ];
  for (const [params, message] of wrong) assert.equal(await refused(params), message);
});

test("texts that the core refuses are named too", async () => {
  const wrong: [Record<string, unknown>][] = [
    ...[0, -1, 5001, "1e3", "", " 5", 99999999999999999999n].map((limit): [Record<string, unknown>] => [{ limit }]),
    ...[-1, "x", "1.5", "", 2n ** 64n].map((amountIn): [Record<string, unknown>] => [{ amountIn }]),
    ...[-5, "12a", "", 10n ** 30n].map((sinceId): [Record<string, unknown>] => [{ sinceId }]),
    ...["", " x", "a\u0000b", "x".repeat(129), "\ud800"].map((account): [Record<string, unknown>] => [{ account }]),
    ...["", "yesterday", "2026-02-30", "01/11/2026", "2026-11-01T25:00:00", new Date(8.64e15)].map((from): [Record<string, unknown>] => [{ from }]),
    [{ from: "2026-11-02", to: "2026-11-01" }],
  ];
  for (const [params] of wrong) assert.ok((await refused(params)).startsWith(`${Object.keys(params)[0]}: `), inspect(params));
  for (const id of ["", "x", "../count", -1, 1.5, null, undefined, {}, "1".repeat(21)]) {
    const error = await errorOf(sepay.transactions.get(id as string));
    assert.deepEqual([error.code, error.parameter], ["invalid_parameter", "id"], inspect(id));
  }
});

test("parameters that are no plain object, or fight being read, are refused", async () => {
  for (const params of [null, "account", 7, [], () => 1, new Date(), new Map(), Promise.resolve({}), { [Symbol("s")]: 1 }]) {
    assert.match(await refused(params), /^params: expected/);
  }
  for (const params of [hostile, { get account(): string { return fault(); } }]) assert.match(await refused(params), /^params: expected an object that can be read$/);
});

test("dates of every good shape are sent as Vietnam's time", async () => {
  const urls: string[] = [];
  const asking = clientOf(async (url) => (urls.push(url), counted(1)));
  const shapes = ["2026-11-01", "2026-11-01 08:30:00", "2026-11-01T01:30:00Z", "2026-11-01T08:30:00+07:00", new Date("2026-11-01T01:30:00.000Z")];
  for (const from of shapes) await asking.transactions.count({ from });
  const sent = urls.map((url) => new URL(url).searchParams.get("transaction_date_min"));
  assert.deepEqual(sent, ["2026-11-01 00:00:00", ...Array(4).fill("2026-11-01 08:30:00")]);
});

// Call options

test("a call's options are checked like the others", async () => {
  const wrong: [unknown, RegExp][] = [
    [{ signl: undefined }, /^signl: unknown call option; did you mean signal\?$/],
    [{ timeout: 5 }, /^timeout: unknown call option; expected signal, deadline$/],
    [{ deadline: 0 }, /^deadline: expected milliseconds above 0/],
    [{ deadline: Number.NaN }, /^deadline: expected .* found NaN$/],
    [{ signal: null }, /^signal: expected an AbortSignal, found null$/],
    [{ signal: {} }, /^signal: expected an AbortSignal, found an object$/],
    [{ signal: new AbortController() }, /^signal: expected an AbortSignal/],
    [{ signal: hostile }, /^signal: expected an AbortSignal that can be read$/],
    [new AbortController().signal, /^options: expected a plain object/],
    [null, /^options: expected an object, found null$/],
    [5, /^options: expected an object/],
    [hostile, /^options: expected an object that can be read$/],
  ];
  for (const [options, expected] of wrong) {
    const given = options as CallOptions;
    for (const call of [sepay.transactions.list({}, given), sepay.bankAccounts.get("1", given), sepay.bankAccounts.count(undefined, given)]) {
      const error = await errorOf(call);
      assert.equal(error.code, "invalid_parameter");
      assert.match(error.message, expected);
    }
    assert.throws(() => sepay.transactions.iterate({}, given), { name: "InvalidParameterError", message: expected });
  }
});

// Strange fetches, through the whole client

test("whatever fetch does, the call ends in a typed error and the next call works", async () => {
  const strange: unknown[] = [undefined, null, "ok", 200, {}, { status: Number.NaN }, { status: 200, headers: {} }, new Response(new ReadableStream({ pull: fault }))];
  const fetches = [() => fault(), () => Promise.reject("down"), ...strange.map((given) => async () => given)];
  for (const fetch of fetches) {
    let isStrange = true;
    const asking = clientOf(async () => (isStrange ? await fetch() : counted(5)), { maxRetries: 0 });
    const error = await errorOf(asking.transactions.count());
    assert.deepEqual([error.name, "cause" in error], ["ConnectionError", true], inspect(error));
    isStrange = false;
    assert.equal(await asking.transactions.count(), 5);
  }
});

test("an error's cause never holds the token, nor do SePay's words", async () => {
  const leaking = clientOf((_, init) => Promise.reject(new Error(`cannot send ${JSON.stringify(init)}`)), { maxRetries: 0 });
  const echo = { status: 400, error: `bad token Bearer ${SECRET}`, messages: { success: false } };
  const echoing = clientOf(async () => Response.json(echo, { status: 400 }), { maxRetries: 0 });
  for (const asking of [leaking, echoing]) {
    const error = await errorOf(asking.transactions.count());
    assert.ok(!`${inspect(error, { showHidden: true, depth: 9 })}${JSON.stringify(error)}${error.stack}`.includes(SECRET), inspect(error));
  }
});
