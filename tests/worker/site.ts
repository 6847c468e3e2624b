/**
 * A site under test: the built Worker on workerd in front of a SePay sandbox, both on free ports, with storage of its
 * own. Asks over HTTP only and hands back what came, unjudged.
 */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyFields } from "../../scripts/key-entry.ts";
import { startWorker } from "../../scripts/worker.ts";
import { startSandbox } from "../sandbox/server.ts";
import type { Sandbox, SandboxOptions } from "../sandbox/server.ts";

/** A key with every right. */
export const KEY = "edge_test_key_with_every_right";

/** What the panic of the test-only route says: a text that only a wasm with that route holds. */
export const TEST_ROUTE_TEXT = "a panic that was asked for";

/** Both scopes that read what SePay knows. */
export const BOTH_SCOPES: readonly string[] = ["accounts:read", "transactions:read"];

/** Every scope that there is. */
export const ALL_SCOPES: readonly string[] = [...BOTH_SCOPES, "metrics:read", "tickets:write", "audit:read"];

/** An entry of `EDGE_KEYS`. */
export interface KeyEntry extends KeyFields {
  readonly sha256: string;
}

/** What a site can be started with. */
export interface SiteOptions {
  /** Bindings over the usual ones; undefined leaves one out. */
  readonly bindings?: Readonly<Record<string, string | undefined>>;
  /** Keys besides `KEY`. */
  readonly keys?: readonly KeyEntry[];
  /** A folder with another built Worker. */
  readonly folder?: string;
  /** Settings of the sandbox. */
  readonly sandbox?: Partial<SandboxOptions>;
  /** Whether the URL leads to the Worker itself, with nothing in front that reads requests first, and no page. */
  readonly direct?: boolean;
  /** Whether the page and the Worker have the sandbox's door, as `npm start` serves them. */
  readonly sandboxDoor?: boolean;
}

/** How to ask. */
export interface Asking {
  readonly key?: string | null;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether a known answer will do. Without it SePay is asked anew, so that a test sees what it has just set up. */
  readonly cached?: boolean;
}

/** An answer, complete. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The state of the gate as `/api/status` shows it, times in milliseconds. */
export interface GateStatus {
  readonly profile: string;
  readonly uptimeMs: number;
  readonly slots: readonly { readonly inFlight: boolean; readonly freeInMs: number }[];
  readonly pausedForMs: number;
  readonly readyInMs: number;
  readonly roundTripMs: number;
  readonly pauseCause: "own429" | "foreign429" | null;
  readonly queue: Readonly<Record<QueueCount, number>>;
  readonly waits: Readonly<Record<"p50Ms" | "p90Ms" | "p99Ms" | "maxMs", number>>;
  readonly cache: { readonly entries: number; readonly bytes: number; readonly hitRatio: number };
  readonly breaker: { readonly open: boolean; readonly timesOpened: number };
  readonly calls: Readonly<Record<CallCount, number>> & {
    readonly served: Readonly<Record<"asked" | "joined" | "known" | "refreshing" | "busy" | "down", number>>;
    readonly results: Readonly<Record<"good" | "missing" | "failed" | "passing" | "rateLimited" | "unsent", number>>;
  };
}

/** Who waits. */
export type QueueCount = "questions" | "interactive" | "background" | "refreshes" | "inFlight" | "callers";

/** What the gate counts. */
export type CallCount =
  | "asked"
  | "demand"
  | "failed"
  | "joined"
  | "left"
  | "rateLimitedForeign"
  | "rateLimitedOwn"
  | "refused"
  | "retried"
  | "sent";

/** A running site. */
export interface Site {
  /** Without a slash at the end. */
  readonly url: string;
  readonly sandbox: Sandbox;
  /** What the Worker wrote to its console. */
  readonly logs: readonly string[];
  /** Where Durable Objects are stored. */
  readonly stateDir: string;
  /** Asks with `KEY` unless told otherwise; null sends no key. */
  ask(path: string, how?: Asking): Promise<Reply>;
  /** Asks and reads the JSON of an answer that must be 200. */
  read<T>(path: string, how?: Asking): Promise<T>;
  status(): Promise<GateStatus>;
  close(): Promise<void>;
}

/** Makes an entry of `EDGE_KEYS` with both scopes unless told otherwise. */
export function keyEntry(key: string, rest: Partial<KeyEntry> = {}): KeyEntry {
  const sha256 = createHash("sha256").update(key).digest("hex");
  return { id: "test", sha256, scopes: BOTH_SCOPES, ...rest };
}

/** Starts a site at a pace that keeps tests quick: 50 requests a second on both sides. */
export async function startSite(options: SiteOptions = {}): Promise<Site> {
  const sandbox = await startSandbox({ requestsPerSecond: 50, ...options.sandbox });
  const stateDir = await mkdtemp(join(tmpdir(), "sepay-edge-test-"));
  const logs: string[] = [];
  const wanted: Record<string, string | undefined> = {
    SEPAY_BASE_URL: sandbox.url,
    SEPAY_API_TOKEN: sandbox.token,
    SEPAY_REQUESTS_PER_SECOND: "50",
    EDGE_KEYS: JSON.stringify([keyEntry(KEY), ...(options.keys ?? [])]),
    ...options.bindings,
  };
  const bindings = Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const folder = options.folder === undefined ? {} : { folder: options.folder };
  const sandboxUrl = options.sandboxDoor ? sandbox.url : undefined;
  const direct = options.direct ?? false;
  const worker = await startWorker({ port: 0, bindings, stateDir, direct, onLog: (line) => logs.push(line), sandboxUrl, ...folder });
  const ask = (path: string, how: Asking = {}): Promise<Reply> => askAt(worker.url, path, how);
  return {
    url: worker.url,
    sandbox,
    logs,
    stateDir,
    ask,
    read: async <T>(path: string, how?: Asking) => readJson<T>(path, await ask(path, how)),
    status: async () => readJson<GateStatus>("/api/status", await ask("/api/status")),
    close: async () => {
      await worker.close();
      await sandbox.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Asks a Worker, wherever it came from. */
export async function askAt(url: string, path: string, how: Asking = {}): Promise<Reply> {
  const { key = KEY, method = "GET", headers = {}, cached = false } = how;
  const authorization: Record<string, string> = key === null ? {} : { Authorization: `Bearer ${key}` };
  const fresh: Record<string, string> = cached ? {} : { "Cache-Control": "no-cache" };
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { ...authorization, ...fresh, ...headers },
    redirect: "manual",
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

function readJson<T>(path: string, reply: Reply): T {
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${reply.text}`);
  return JSON.parse(reply.text) as T;
}
