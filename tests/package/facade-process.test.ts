// What a client leaves behind in its process: nothing that keeps it alive, and nothing that grows.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { FAST, ENTRY, npm } from "./facade-client.ts";

const run = promisify(execFile);

/** Runs a program in a Node of its own and returns what it printed. */
async function program(text: string, flags: readonly string[] = []): Promise<string> {
  const head = `import { SePay } from ${JSON.stringify(ENTRY)};
    const counted = () => Response.json({ status: 200, messages: { success: true }, count_transactions: "5" });
    const client = (fetch, options) => new SePay({ apiToken: "S3CRET", requestsPerSecond: ${FAST}, fetch, ...options });
    const never = () => new Promise(() => undefined);\n`;
  const { stdout, stderr } = await run(process.execPath, [...flags, "--input-type=module", "-e", head + text], { timeout: 60_000 });
  assert.equal(stderr, "");
  return stdout.trim();
}

test("a process ends as soon as its calls have: done, failed, expired, aborted in the queue and in flight", async () => {
  const programs = [
    `await client(async () => counted()).transactions.count();`,
    `await client(() => Promise.reject("down"), { maxRetries: 0 }).transactions.count().catch(() => 0);`,
    `await client(never).transactions.count({}, { deadline: 20 }).catch(() => 0);`,
    `const controller = new AbortController(), sepay = client(never);
     const calls = Array.from({ length: 99 }, () => sepay.transactions.count({}, { signal: controller.signal }).catch(() => 0));
     setTimeout(() => controller.abort(), 20);
     await Promise.all(calls);`,
    `client(never);`,
    `await client(never).transactions.iterate().return();`,
  ];
  for (const text of programs) {
    const endedMs = Number(await program(`${text}\nconst startedMs = Date.now(); process.on("exit", () => console.log(Date.now() - startedMs));`));
    assert.ok(endedMs < 1000, `${text} kept the process for ${endedMs} ms`);
  }
});

test("a pending call keeps its process alive until it is over", async () => {
  const text = `const sepay = client(async () => counted(), { requestsPerSecond: 1 });
    sepay.transactions.count(); sepay.transactions.count().then(console.log);`;
  assert.equal(await program(text), "5");
});

/*
 * 100,000 calls at 50 a second would take more than half an hour: the clock and the timers are replaced before the
 * client is made, so that waiting takes no time.
 */
const FAST_CLOCK = `
  let nowMs = 0, timers = new Map(), last = 0, isDone = false;
  performance.now = () => nowMs;
  globalThis.setTimeout = (run, ms) => (timers.set(++last, { run, at: nowMs + ms }), last);
  globalThis.clearTimeout = (timer) => void timers.delete(timer);
  const tick = () => {
    const [[key, due] = []] = [...timers].sort(([, left], [, right]) => left.at - right.at);
    if (key) { timers.delete(key); nowMs = Math.max(nowMs, due.at); due.run(); }
    if (!isDone) setImmediate(tick);
  };
  tick();`;

test("100,000 calls, some failing, expired or aborted, leave no memory, no timer and no listener behind", async () => {
  const text = `${FAST_CLOCK}
    const { signal } = new AbortController();
    let turn = 0;
    const sepay = client(async () => {
      turn += 1;
      if (turn % 10 === 0) throw new Error("down");
      return turn % 11 === 0 ? new Response("{", { status: 200 }) : counted();
    }, { onEvent: () => undefined });
    const round = async (calls) => {
      for (let index = 0; index < calls; index += 100) {
        const controller = new AbortController();
        const all = Array.from({ length: 100 }, (_, at) =>
          sepay.transactions.count({ account: "0071000888888" }, at % 20 === 0 ? { signal: controller.signal } : { signal, deadline: 60_000 }).catch(() => 0));
        queueMicrotask(() => queueMicrotask(() => controller.abort()));
        await Promise.all(all);
      }
      gc(); gc();
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      return heapUsed + external + arrayBuffers;
    };
    const { getEventListeners } = await import("node:events");
    await round(20_000);
    const before = await round(10_000);
    const after = await round(70_000);
    console.log(JSON.stringify({ grown: after - before, listeners: getEventListeners(signal, "abort").length, timers: timers.size, turn }));
    isDone = true;`;
  const { grown, listeners, timers, turn } = JSON.parse(await program(text, ["--expose-gc"])) as Record<string, number>;
  assert.deepEqual({ listeners, timers }, { listeners: 0, timers: 0 });
  assert.ok(Number(turn) > 90_000, `${turn} requests`);
  assert.ok(Number(grown) <= 1024 * 1024, `${grown} bytes more`);
});

test("rows keep no large text alive", async () => {
  const text = `${FAST_CLOCK}
    const row = (id) => ({ id: String(id), bank_brand_name: "VCB", account_number: "0071000888888", transaction_date: "2026-11-19 08:30:00",
      amount_out: "0.00", amount_in: "5.00", accumulated: "7.00", transaction_content: "chuyen tien mua hang DH001 " + id,
      reference_number: "FT" + id, code: null, sub_account: null, bank_account_id: "1" });
    const transactions = Array.from({ length: 5000 }, (_, at) => row(at + 1));
    const body = JSON.stringify({ status: 200, messages: { success: true }, transactions });
    const sepay = client(async () => new Response(body, { headers: { "content-type": "application/json" } }));
    const kept = [];
    const measure = () => (gc(), process.memoryUsage().heapUsed);
    await sepay.transactions.list();
    const before = measure();
    for (let turn = 0; turn < 40; turn++) kept.push((await sepay.transactions.list()).data[turn]);
    console.log(measure() - before, kept.length);
    isDone = true;`;
  const [grown, kept] = (await program(text, ["--expose-gc"])).split(" ").map(Number);
  assert.equal(kept, 40);
  assert.ok(Number(grown) < 2 * 1024 * 1024, `40 rows keep ${grown} bytes`);
});

test("where the core is not started at import, the constructor starts it after its refusal", async () => {
  const text = `Object.defineProperty(process, "type", { value: "renderer" });
    const { SePay } = await import(${JSON.stringify(ENTRY)});
    const told = (options) => { try { new SePay({ apiToken: "S3CRET", ...options }); return "made"; } catch (error) { return error.parameter; } };
    console.log(told({}), told({ dangerouslyAllowBrowser: true, timeOut: 1 }), told({ dangerouslyAllowBrowser: true }));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", text]);
  assert.equal(stdout.trim(), "dangerouslyAllowBrowser timeOut made");
});

test("the version is the package's", async () => {
  const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
  assert.equal(npm.VERSION, manifest.version);
});
