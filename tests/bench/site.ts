/**
 * What is measured: our Worker or the peer, each alone on a workerd of its own, reached directly, in front of a SePay
 * sandbox of its own. Both are started alike.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startWorker } from "../../scripts/worker.ts";
import { startSandbox } from "../sandbox/server.ts";
import type { Sandbox, SandboxOptions } from "../sandbox/server.ts";
import { KEY, keyEntry } from "../worker/site.ts";
import type { KeyEntry } from "../worker/site.ts";
import { nowMs } from "./generator/clock.ts";
import { startPeer } from "./peer/start.ts";

/** The two that are compared, in the order of the table. */
export const SYSTEMS = ["ours", "peer"] as const;

/** One of the two. */
export type System = (typeof SYSTEMS)[number];

/** SePay's limit, as its strictest page has it. */
export const REQUESTS_PER_SECOND = 2;

/** What a request needs to be let in. */
export const AUTHORIZED: Readonly<Record<string, string>> = { Authorization: `Bearer ${KEY}` };

/** A running system. */
export interface BenchSite {
  readonly system: System;
  readonly url: string;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

/** What a system can be started with. */
export interface BenchSiteOptions {
  readonly keys?: readonly KeyEntry[];
  readonly sandbox?: Partial<SandboxOptions>;
}

/** Starts a system. The sandbox's clock is the generator's, so that their times can be compared. */
export async function startSystem(system: System, options: BenchSiteOptions = {}): Promise<BenchSite> {
  const sandbox = await startSandbox({ requestsPerSecond: REQUESTS_PER_SECOND, clock: nowMs, ...options.sandbox });
  const stateDir = await mkdtemp(join(tmpdir(), "sepay-edge-bench-"));
  const bindings = {
    SEPAY_BASE_URL: sandbox.url,
    SEPAY_API_TOKEN: sandbox.token,
    SEPAY_REQUESTS_PER_SECOND: String(sandbox.settings().requestsPerSecond),
    EDGE_KEYS: JSON.stringify([keyEntry(KEY), ...(options.keys ?? [])]),
  };
  const start = system === "ours" ? startWorker : startPeer;
  // An overloaded Worker writes a line for each refusal; those are counted from the answers.
  const worker = await start({ port: 0, direct: true, stateDir, bindings, onLog: () => {} });
  const close = async (): Promise<void> => {
    await worker.close();
    await sandbox.close();
    await rm(stateDir, { recursive: true, force: true });
  };
  return { system, url: worker.url, sandbox, close };
}

/** Starts a system, works with it, and stops it whatever happens. */
export async function withSystem<T>(system: System, options: BenchSiteOptions, work: (site: BenchSite) => Promise<T>): Promise<T> {
  const site = await startSystem(system, options);
  return work(site).finally(() => site.close());
}
