// What `npm start` sets for the Worker besides what the environment says. Pure: random bytes come in.

import { createHash } from "node:crypto";

import { KEY_BYTES, mintKey } from "./edge-key.ts";
import { SCOPES } from "./key-entry.ts";

/** Known to everybody, and good for invented data on this machine only. */
const SANDBOX_KEY = "edge_demo_key_for_the_sandbox_only";

/** Random bytes in a ticket secret: as text 64 characters, of which the Worker wants 32. */
const TICKET_SECRET_BYTES = 48;

type Environment = Readonly<Record<string, string | undefined>>;

/** What `npm start` is asked for. */
export interface Wish {
  /** Whether SePay is the sandbox. */
  readonly isSandbox: boolean;
  /** Whether SePay's empty 200 becomes a 401 on its own routes. */
  readonly isStrict: boolean;
}

/** The Worker's variables, and the key to print unless the environment brings its own. */
export interface Demo {
  readonly key?: string;
  readonly bindings: Readonly<Record<string, string>>;
}

/** One key with every right, a ticket secret for this run, and on top of them what the environment sets. */
export function demo(env: Environment, { isSandbox, isStrict }: Wish, random: (bytes: number) => Buffer): Demo {
  const secret = random(TICKET_SECRET_BYTES).toString("base64");
  const bindings = { EDGE_TICKET_SECRET: secret, ...ownBindings(env), ...(isStrict ? { SEPAY_STRICT: "true" } : {}) };
  if (env["EDGE_KEYS"]) return { bindings };
  const key = isSandbox ? SANDBOX_KEY : mintKey(random(KEY_BYTES));
  const entry = { id: "demo", sha256: createHash("sha256").update(key).digest("hex"), scopes: SCOPES };
  return { key, bindings: { ...bindings, EDGE_KEYS: JSON.stringify([entry]) } };
}

/** Every variable of the Worker may be set by an environment variable of its name. An empty one is not set. */
function ownBindings(env: Environment): Record<string, string> {
  const ours = Object.entries(env).filter(([name]) => /^(SEPAY|EDGE)_[A-Z0-9_]+$/.test(name));
  return Object.fromEntries(ours.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]])));
}
