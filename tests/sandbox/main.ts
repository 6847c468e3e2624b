/** The sandbox from a shell: reads flags and environment, starts it, and says how to use it. */
import { parseArgs } from "node:util";
import { DEFAULT_SEED, DEFAULT_TOKEN, startSandbox } from "./server.ts";
import type { Sandbox, SandboxOptions } from "./server.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

const USAGE = `A SePay simulator on 127.0.0.1.

  --port N          port to listen on; 0 picks a free one   SANDBOX_PORT    (8788)
  --token TEXT      the API token it accepts                SANDBOX_TOKEN   (${DEFAULT_TOKEN.slice(0, 10)}…)
  --rps N           requests allowed per sliding second     SANDBOX_RPS     (${DEFAULT_SETTINGS.requestsPerSecond})
  --limit-by WHAT   token or ip                             SANDBOX_LIMIT_BY (${DEFAULT_SETTINGS.limitBy})
  --seed N          seed of the data                        SANDBOX_SEED    (${DEFAULT_SEED})
  --set NAME=VALUE  any setting, may be repeated: ${Object.keys(DEFAULT_SETTINGS).join(" ")}
  --help            this text
`;

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) return void process.stdout.write(USAGE);
  const sandbox = await startSandbox(options);
  process.stdout.write(welcome(sandbox));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
}

/** Flags before environment before defaults; null when help was asked for. */
function readOptions(): Partial<SandboxOptions> | null {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      port: text,
      token: text,
      rps: text,
      "limit-by": text,
      seed: text,
      set: { type: "string", multiple: true },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return null;
  const { env } = process;
  const settings: Record<string, unknown> = Object.fromEntries((values.set ?? []).map(readSetting));
  const rps = values.rps ?? env["SANDBOX_RPS"];
  const limitBy = values["limit-by"] ?? env["SANDBOX_LIMIT_BY"];
  if (rps !== undefined) settings["requestsPerSecond"] = readInteger("rps", rps, 1_000_000);
  if (limitBy !== undefined) settings["limitBy"] = limitBy;
  return {
    ...settings,
    port: readInteger("port", values.port ?? env["SANDBOX_PORT"] ?? "8788", 65_535),
    token: values.token ?? env["SANDBOX_TOKEN"] ?? DEFAULT_TOKEN,
    seed: readInteger("seed", values.seed ?? env["SANDBOX_SEED"] ?? String(DEFAULT_SEED), 4_294_967_295),
  };
}

/** Splits NAME=VALUE. Only the two numeric settings are read as JSON: "404" is a text elsewhere. */
function readSetting(pair: string): [string, unknown] {
  const [name = "", ...rest] = pair.split("=");
  const value = rest.join("=");
  const isNumeric = name === "requestsPerSecond" || name === "accountsLimitMax";
  return [name, isNumeric && /^(\d+|null)$/.test(value) ? JSON.parse(value) : value];
}

function readInteger(name: string, value: string, max: number): number {
  if (!/^\d{1,10}$/.test(value) || Number(value) > max)
    throw new Error(`${name} must be an integer from 0 to ${max}, not "${value}"`);
  return Number(value);
}

function welcome({ url, token, data, settings }: Sandbox): string {
  const { accounts, transactions } = data();
  const { requestsPerSecond, limitBy } = settings();
  return `SePay sandbox on ${url}
token: ${token}
data: ${accounts.length} accounts, ${transactions.length} transactions
limit: ${requestsPerSecond} requests per second, by ${limitBy}

  curl -H "Authorization: Bearer ${token}" "${url}/userapi/transactions/list?limit=3"
  curl ${url}/_sandbox/counters
  curl ${url}/_sandbox

`;
}

main().catch((error: unknown) => {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
