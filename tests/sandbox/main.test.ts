import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { startSandbox } from "./server.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

function run(args: readonly string[], env: Record<string, string> = {}) {
  return spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function text(stream: AsyncIterable<unknown>): Promise<string> {
  let all = "";
  for await (const chunk of stream) all += String(chunk);
  return all;
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`the_command_serves_and_leaves_cleanly_on_${signal}`, async () => {
    const child = run(["--token", "abc", "--set", "numbers=number"], { SANDBOX_PORT: "0", SANDBOX_RPS: "9" });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    const settings = (await (await fetch(`${url}/_sandbox/settings`)).json()) as {
      numbers: string;
      requestsPerSecond: number;
    };
    assert.deepEqual([settings.numbers, settings.requestsPerSecond], ["number", 9]);
    const headers = { Authorization: "Bearer abc" };
    assert.equal((await fetch(`${url}/userapi/bankaccounts/count`, { headers })).status, 200);
    child.kill(signal);
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });
}

test("a_port_in_use_is_said_plainly", async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  await assert.rejects(
    startSandbox({ port: sandbox.port }),
    new RegExp(`port ${sandbox.port} on 127.0.0.1 is already in use`),
  );
  const child = run(["--port", String(sandbox.port)]);
  const [words, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  assert.equal(code, 1);
  assert.equal(words, `sandbox: port ${sandbox.port} on 127.0.0.1 is already in use\n`);
});

test("wrong_flags_are_refused", async () => {
  for (const args of [["--port", "x"], ["--rps", "0"], ["--set", "nmbers=number"], ["--nothing"]]) {
    const child = run(args);
    const [words, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    assert.equal(code, 1, args.join(" "));
    assert.match(words, /^sandbox: /);
  }
});

test("a_sandbox_can_be_closed_twice", async () => {
  const sandbox = await startSandbox();
  await sandbox.close();
  await sandbox.close();
});
