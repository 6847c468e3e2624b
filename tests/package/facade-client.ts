/** The built client, and a sandbox that is fast enough for tests. */
import assert from "node:assert/strict";
import { join } from "node:path";

import { PACKAGE_DIR, buildNpm } from "../../scripts/package.ts";
import type { SePayError } from "../../src/js/npm/src/errors.ts";
import type { SePay } from "../../src/js/npm/src/index.ts";
import type { SePayEvent, SePayOptions } from "../../src/js/npm/src/types.ts";
import { startSandbox } from "../sandbox/server.ts";
import type { Sandbox, SandboxOptions } from "../sandbox/server.ts";

buildNpm();

/** The file that Node imports. */
export const ENTRY: string = join(PACKAGE_DIR, "esm/index.js");

/** What the package exports. */
export const npm: typeof import("../../src/js/npm/src/index.ts") = await import(ENTRY);

/** As many requests a second as the client allows: most tests are not about the pace. */
export const FAST = 50;

/** A client of a sandbox. */
export interface Pair {
  readonly sandbox: Sandbox;
  readonly sepay: SePay;
  /** What the client told so far. */
  readonly events: SePayEvent[];
  /** Another client of the same sandbox. */
  client(options?: SePayOptions): SePay;
}

/** Runs with a sandbox of its own and a client of it. */
export async function withClient(
  given: { options?: SePayOptions; settings?: Partial<SandboxOptions> },
  run: (pair: Pair) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox({ requestsPerSecond: FAST, ...given.settings });
  const events: SePayEvent[] = [];
  const client = (options: SePayOptions = {}): SePay =>
    new npm.SePay({ apiToken: sandbox.token, baseURL: sandbox.url, requestsPerSecond: FAST, ...options });
  const sepay = client({ onEvent: (event) => void events.push(event), ...given.options });
  try {
    await run({ sandbox, sepay, events, client });
  } finally {
    await sandbox.close();
  }
}

/** A client whose requests go nowhere but here. */
export function clientOf(fetch: NonNullable<SePayOptions["fetch"]>, options: SePayOptions = {}): SePay {
  return new npm.SePay({ apiToken: "S3CRET-TOKEN", baseURL: "http://127.0.0.1:9", requestsPerSecond: FAST, fetch, ...options });
}

/** An answer of SePay's to a count of transactions. */
export function counted(count: number): Response {
  return Response.json({ status: 200, error: null, messages: { success: true }, count_transactions: String(count) });
}

/** The error of a call that must fail. */
export async function errorOf(call: Promise<unknown>): Promise<SePayError> {
  const end = await call.then(
    (value) => assert.fail(`expected an error, found ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  assert.ok(end instanceof npm.SePayError, `expected a SePayError, found ${String(end)}`);
  return end;
}
