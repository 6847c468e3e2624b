/** `npm start` as a stranger meets it: what it prints, what it serves, how it ends, and its one clear sentence. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { ROOT } from "../../scripts/tools.ts";
import { askAt } from "./site.ts";

const START = fileURLToPath(new URL("../../scripts/start.ts", import.meta.url));

/** The environment without anything that would point the Worker elsewhere. */
function bareEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SEPAY|EDGE)_|^(SANDBOX_)?PORT$/.test(name)));
}

function start(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [START], { env: { ...bareEnvironment(), ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

/** Everything written to a stream until `enough` finds what it looks for, or the stream ends. */
async function read(stream: NodeJS.ReadableStream | null, enough: RegExp): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) {
    text += String(chunk);
    if (enough.test(text)) break;
  }
  return text;
}

/** Every port that was given out: what is stored under it goes at the end. */
const ports: string[] = [];

async function freePort(): Promise<string> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  ports.push(String(port));
  return String(port);
}

describe("npm start", { timeout: 120_000 }, () => {
  after(async () => {
    for (const port of ports) await rm(join(ROOT, ".wrangler/state", port), { recursive: true, force: true });
  });

  test("serves the README's key on the ports it is told, and ends when asked to", async () => {
    const [port, sandboxPort] = [await freePort(), await freePort()];
    const child = start({ PORT: port, SANDBOX_PORT: sandboxPort });
    const printed = await read(child.stdout, /edge key.*\n/);
    assert.match(printed, new RegExp(`http://127\\.0\\.0\\.1:${port}\\b`));
    assert.match(printed, new RegExp(`http://127\\.0\\.0\\.1:${sandboxPort} \\(sandbox\\)`));
    const key = /edge key +(\S+)/.exec(printed)?.[1] ?? "";
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    assert.equal(/^KEY=(.+)$/m.exec(readme)?.[1], key);
    const reply = await askAt(`http://127.0.0.1:${port}`, "/api/transactions/count", { key });
    assert.deepEqual([reply.status, reply.text], [200, '{"count":12000}']);
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    const [code] = await exit;
    assert.ok(code === 0 || code === 143, `ended by SIGTERM, not ${String(code)}`);
    await assert.rejects(askAt(`http://127.0.0.1:${port}`, "/healthz"));
  });

  /** What is at the sandbox's door, knocked at as the page would, and whether the page names it. */
  const doorOf = async (url: string): Promise<[number, boolean]> => {
    const headers = { Origin: url, "Content-Type": "application/json" };
    const body = JSON.stringify({ accountNumber: "0071000888888", amountIn: 1000, content: "DH1" });
    const { status } = await fetch(`${url}/_sandbox/transactions`, { method: "POST", headers, body });
    const page = await askAt(url, "/", { key: null });
    assert.equal(page.status, 200);
    return [status, page.text.includes('<meta name="sepay-sandbox" content="/_sandbox/transactions">')];
  };

  test("lets the page make a payment arrive in its sandbox, and has no such door before a real SePay", async () => {
    const real = { SEPAY_BASE_URL: "http://127.0.0.1:9", SEPAY_API_TOKEN: "a-token-of-somebodys" };
    for (const [env, expected] of [[{ SANDBOX_PORT: await freePort() }, [201, true]], [real, [404, false]]] as const) {
      const port = await freePort();
      const child = start({ PORT: port, ...env });
      await read(child.stdout, /edge key.*\n/);
      const found = await doorOf(`http://127.0.0.1:${port}`);
      child.kill("SIGTERM");
      await once(child, "exit");
      assert.deepEqual(found, expected);
    }
  });

  test("prints no key when the environment brings its own", async () => {
    const child = start({ PORT: await freePort(), SANDBOX_PORT: await freePort(), EDGE_KEYS: "[]" });
    const printed = await read(child.stdout, /\(sandbox\)\n/);
    child.kill("SIGTERM");
    await once(child, "exit");
    assert.doesNotMatch(printed, /edge key/);
  });

  const wrong: readonly [string, Readonly<Record<string, string>>, RegExp][] = [
    ["a port that is no number", { PORT: "http" }, /^sepay-edge: PORT should be a port/],
    ["a base URL without a token", { SEPAY_BASE_URL: "http://127.0.0.1:9" }, /SEPAY_API_TOKEN is not; set both/],
  ];
  for (const [what, env, sentence] of wrong) {
    test(`${what} gets one clear sentence`, async () => {
      const child = start({ PORT: await freePort(), ...env });
      const exit = once(child, "exit");
      const said = await read(child.stderr, /$^/);
      assert.match(said, sentence);
      assert.equal(said.trimEnd().split("\n").length, 1, said);
      assert.deepEqual(await exit, [1, null]);
    });
  }

  test("a port in use gets one clear sentence", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const child = start({ PORT: String(port) });
    const exit = once(child, "exit");
    assert.match(await read(child.stderr, /$^/), new RegExp(`^sepay-edge: port ${port} is in use; PORT=`));
    assert.deepEqual(await exit, [1, null]);
    taken.close();
  });
});
