/**
 * The transport for Rust programs in wasm (feature `fetch`), as examples/newest.rs uses it: compiled, loaded into this
 * Node, and asked against the sandbox.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { suite, test } from "node:test";

import { cached } from "../../scripts/cache.ts";
import { ensureTools } from "../../scripts/tools.ts";
import { cargo, run } from "../../scripts/wasm.ts";
import type { FaultInput } from "../sandbox/faults.ts";
import { startSandbox } from "../sandbox/server.ts";

const COMMAND = ["rustc", "--example", "newest", "-p", "sepay", "--features", "fetch"];

const folder = cached({
  name: "example-newest",
  inputs: ["Cargo.toml", "Cargo.lock", "src/**/*.rs", "examples/newest.rs"],
  make: (made) => void run(ensureTools().wasmBindgen, ["--target=nodejs", "--no-typescript", `--out-dir=${made}`, cargo(COMMAND, "newest")]),
});

/** Milliseconds that no answer of the sandbox takes, unless it is told to. */
const AMPLE_MS = 10_000;

type Newest = (baseURL: string, token: string, timeoutMs: number) => Promise<string | undefined>;
const { newest } = createRequire(import.meta.url)(join(folder, "newest.js")) as { newest: Newest };

suite("a Rust program in wasm asks by the host's fetch", () => {
  test("the newest row is read", async (context) => {
    const sandbox = await startSandbox({ requestsPerSecond: 50 });
    context.after(() => sandbox.close());
    const row = sandbox.data().transactions.at(-1);
    assert.equal(await newest(sandbox.url, sandbox.token, AMPLE_MS), `${row?.id} ${row?.amountIn}`);
    const headers = new Headers(sandbox.requests().at(-1)?.headers as unknown as Record<string, string>);
    assert.deepEqual([headers.get("authorization"), headers.get("user-agent")], [`Bearer ${sandbox.token}`, "newest/1.0"]);
  });

  const faults: [FaultInput, number, RegExp][] = [
    [{ kind: "status", status: 500 }, AMPLE_MS, /^server_error: /],
    [{ kind: "status", status: 302, headers: { location: "/elsewhere" } }, AMPLE_MS, /^redirect: /],
    [{ kind: "empty" }, AMPLE_MS, /^unauthorized: /],
    [{ kind: "cut" }, AMPLE_MS, /^connection: /],
    [{ kind: "huge", bytes: 200_000 }, AMPLE_MS, /^too_large: /],
    [{ kind: "hang" }, 100, /^timeout: /],
  ];
  for (const [fault, timeoutMs, message] of faults) {
    test(`${fault.kind}: a typed error, and the next question is answered`, async (context) => {
      const sandbox = await startSandbox({ requestsPerSecond: 50 });
      context.after(() => sandbox.close());
      sandbox.addFault({ ...fault, count: 1 });
      await assert.rejects(newest(sandbox.url, sandbox.token, timeoutMs), { message });
      assert.match((await newest(sandbox.url, sandbox.token, AMPLE_MS)) ?? "", /^\d+ \d+$/);
    });
  }

  test("what a foreign fetch throws or returns is a typed error", async (context) => {
    const own = globalThis.fetch;
    context.after(() => (globalThis.fetch = own));
    for (const broken of [() => Promise.reject("no"), () => Promise.resolve(undefined), () => { throw new Error("at once"); }, () => Promise.resolve({ status: "200" })]) {
      globalThis.fetch = broken as unknown as typeof fetch;
      await assert.rejects(newest("http://127.0.0.1:9", "T0KEN", AMPLE_MS), { message: /^connection: / });
    }
  });
});
