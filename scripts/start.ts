// `npm start [-- --strict]`: builds what is not built, starts a SePay sandbox unless a real SePay is named, and serves the
// Worker.

import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";

import { startSandbox } from "../tests/sandbox/server.ts";
import { build } from "./build.ts";
import { demo } from "./demo.ts";
import { say, stop } from "./say.ts";
import { ROOT } from "./tools.ts";
import { startWorker } from "./worker.ts";

const DEFAULT_PORT = 8787;
const DEFAULT_SANDBOX_PORT = 8788;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where SePay is, and how to close it if it is ours. */
interface Upstream {
  readonly bindings: Readonly<Record<string, string>>;
  /** Where it is if it is the sandbox. */
  readonly sandboxUrl: string | undefined;
  close(): Promise<void>;
}

function port(env: Environment, name: string, fallback: number): number {
  const text = env[name] || String(fallback);
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65535) stop(`${name} should be a port from 0 to 65535.`);
  return number;
}

/** The one switch there is. */
function isStrict(args: readonly string[]): boolean {
  const unknown = args.find((arg) => arg !== "--strict");
  if (unknown !== undefined) stop(`${unknown} is unknown; there is --strict: SePay's empty 200 becomes a 401 on its own routes.`);
  return args.length > 0;
}

async function upstream(env: Environment): Promise<Upstream> {
  const { SEPAY_BASE_URL: baseUrl, SEPAY_API_TOKEN: token } = env;
  if (token) return { bindings: {}, sandboxUrl: undefined, close: async () => {} };
  if (baseUrl) stop("SEPAY_BASE_URL is set and SEPAY_API_TOKEN is not; set both, or neither for the sandbox.");
  const sandboxPort = port(env, "SANDBOX_PORT", DEFAULT_SANDBOX_PORT);
  const sandbox = await startSandbox({ port: sandboxPort }).catch((error: unknown) => {
    stop(`the sandbox cannot start: ${error instanceof Error ? error.message : String(error)} (SANDBOX_PORT moves it).`);
  });
  const bindings = { SEPAY_BASE_URL: sandbox.url, SEPAY_API_TOKEN: sandbox.token };
  return { bindings, sandboxUrl: sandbox.url, close: () => sandbox.close() };
}

async function isFree(wanted: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(wanted, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

async function main(env: Environment, args: readonly string[]): Promise<void> {
  const strict = isStrict(args);
  const wanted = port(env, "PORT", DEFAULT_PORT);
  if (!(await isFree(wanted))) stop(`port ${wanted} is in use; PORT=… npm start takes another.`);
  if (!env["SEPAY_API_TOKEN"] && !env["SEPAY_BASE_URL"]) {
    const forSandbox = port(env, "SANDBOX_PORT", DEFAULT_SANDBOX_PORT);
    if (!(await isFree(forSandbox))) stop(`port ${forSandbox} is in use; SANDBOX_PORT=… npm start takes another for the sandbox.`);
  }
  await build();
  const sepay = await upstream(env);
  const isSandbox = sepay.sandboxUrl !== undefined;
  const { key, bindings } = demo(env, { isSandbox, isStrict: strict }, randomBytes);
  const worker = await startWorker({
    port: wanted,
    bindings: { ...bindings, ...sepay.bindings },
    sandboxUrl: sepay.sandboxUrl,
    // One folder for each port: two Workers never share the storage of one.
    stateDir: join(ROOT, ".wrangler/state", String(wanted)),
  });
  console.log(`sepay-edge   ${worker.url}`);
  console.log(`SePay        ${sepay.bindings["SEPAY_BASE_URL"] ?? env["SEPAY_BASE_URL"] ?? "https://my.sepay.vn"}${isSandbox ? " (sandbox)" : ""}`);
  if (key !== undefined) console.log(`edge key     ${key}`);
  const shutDown = async (): Promise<void> => {
    await worker.close();
    await sepay.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void shutDown());
}

await main(process.env, process.argv.slice(2)).catch((error: unknown) => {
  say("could not start:");
  throw error;
});
