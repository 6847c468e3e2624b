// Runs the built Worker on workerd, configured by worker/wrangler.jsonc: the same file that deploys it. Any other Worker
// that is to be compared with it is run alike.

import { basename, dirname, join } from "node:path";

import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";

import { withSandboxDoor } from "./sandbox-site.ts";
import { ROOT } from "./tools.ts";

/** How to run a Worker. */
export interface HostOptions {
  /** The port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** The folder in which Durable Objects are stored. */
  readonly stateDir: string;
  /** Takes what the Worker writes to its console, line by line. */
  readonly onLog?: (line: string) => void;
  /**
   * Opens a socket that leads to the Worker itself, and gives that one's address. Miniflare puts Workers of its own in
   * front, in JavaScript, which cost more than a quick answer does. Without them there are no static files.
   */
  readonly direct?: boolean;
}

/** How to run our Worker. */
export interface WorkerOptions extends HostOptions {
  /** Variables and secrets, over those of wrangler.jsonc. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Another folder with a built Worker than the one that wrangler.jsonc names. */
  readonly folder?: string;
  /** The sandbox whose door is to be there, on the page too. What is deployed has none. */
  readonly sandboxUrl?: string | undefined;
}

/** A Worker that runs. */
export interface RunningWorker {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** Stops it. */
  close(): Promise<void>;
}

/** Starts the Worker and resolves when it answers. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { workerOptions, main } = unstable_getMiniflareWorkerOptions(join(ROOT, "worker/wrangler.jsonc"));
  if (main === undefined) throw new Error("worker/wrangler.jsonc names no main module");
  const folder = options.folder ?? dirname(main);
  const worker = {
    ...(workerOptions as { readonly assets: { readonly directory: string } }),
    name: "sepay-edge",
    rootPath: folder,
    modulesRoot: folder,
    modules: [
      { type: "ESModule", path: join(folder, basename(main)) },
      { type: "CompiledWasm", path: join(folder, "index_bg.wasm") },
    ],
    bindings: { ...ownVariables(workerOptions), ...options.bindings },
  };
  const { sandboxUrl, stateDir } = options;
  return host(sandboxUrl === undefined ? worker : withSandboxDoor(worker, sandboxUrl, join(stateDir, "page")), options);
}

/** Starts any Worker, described as miniflare describes one, in the same way as ours. */
export async function host(worker: { readonly name: string }, options: HostOptions): Promise<RunningWorker> {
  const onLog = options.onLog ?? ((line: string) => console.error(line));
  const direct = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }], assets: undefined };
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: options.port,
      cf: false,
      log: new Log(LogLevel.NONE),
      logRequests: false,
      telemetry: { enabled: false },
      handleStructuredLogs: (log) => onLog(log.message),
      workers: [{ ...worker, ...(options.direct ? direct : {}) } as never],
    }),
    // After the conversion, which knows another name for it and would leave it unset.
    resourcePersistencePath: options.stateDir,
  });
  const entry = await miniflare.ready;
  const url = options.direct ? await miniflare.unsafeGetDirectURL(worker.name) : entry;
  return { url: url.origin, close: () => miniflare.dispose() };
}

/** The variables of wrangler.jsonc. (Wrangler's types name miniflare's, which the compiler does not resolve.) */
function ownVariables(workerOptions: unknown): Record<string, string> {
  const { bindings } = workerOptions as { bindings?: Record<string, string> };
  return bindings ?? {};
}
