// `npm run key -- --id shop [--scopes a,b] [--accounts 1,2] [--expires TIME] [--profile NAME] [--rpm N]`: mints an edge key.
// The key is shown once and stored nowhere; the entry for EDGE_KEYS holds its SHA-256 only.

import { createHash, randomBytes } from "node:crypto";
import { parseArgs } from "node:util";

import { stop } from "./say.ts";

/** What a key may do unless told otherwise. */
const USUAL_SCOPES = ["accounts:read", "transactions:read"];

const SCOPES = [...USUAL_SCOPES, "metrics:read"];

/** The highest limit of a key, in requests a minute. */
const MAX_RPM = 10_000;

const USAGE = "npm run key -- --id shop [--scopes accounts:read,transactions:read] [--accounts 0071000888888,…] [--expires 2027-01-01T00:00:00Z] [--profile default] [--rpm 600]";

function options(): Record<"id" | "scopes" | "accounts" | "expires" | "profile" | "rpm", string | undefined> {
  const text = { type: "string" } as const;
  try {
    const given = parseArgs({ options: { id: text, scopes: text, accounts: text, expires: text, profile: text, rpm: text } }).values;
    const { id, scopes, accounts, expires, profile, rpm } = given;
    return { id, scopes, accounts, expires, profile, rpm };
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : String(error)}\nusage: ${USAGE}`);
  }
}

function list(name: string, text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) stop(`--${name} should be a list separated by commas, without empty places.`);
  return items;
}

const { id, scopes: scopeText, accounts, expires, profile, rpm } = options();
if (!id || !/^[A-Za-z0-9._-]{1,64}$/.test(id)) stop(`--id should have 1 to 64 letters, digits, '-', '_' or '.'.\nusage: ${USAGE}`);
const scopes = scopeText === undefined ? USUAL_SCOPES : list("scopes", scopeText);
const unknown = scopes.find((scope) => !SCOPES.includes(scope));
if (unknown !== undefined) stop(`--scopes: '${unknown}' is not one of ${SCOPES.join(", ")}.`);
if (expires !== undefined && !(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(expires) && Date.parse(expires) > Date.now())) {
  stop("--expires should be a time to come, such as 2027-01-01T00:00:00Z.");
}
if (profile !== undefined && !/^[a-z0-9_]{1,32}$/.test(profile)) stop("--profile should have 1 to 32 lower-case letters, digits or '_'.");
if (rpm !== undefined && !(/^\d{1,5}$/.test(rpm) && Number(rpm) >= 1 && Number(rpm) <= MAX_RPM)) {
  stop(`--rpm should be 1 to ${MAX_RPM} requests a minute.`);
}

const key = `edge_${randomBytes(32).toString("base64url")}`;
const entry = {
  id,
  sha256: createHash("sha256").update(key).digest("hex"),
  scopes,
  ...(accounts === undefined ? {} : { accounts: list("accounts", accounts) }),
  ...(profile === undefined ? {} : { profile }),
  ...(expires === undefined ? {} : { expires }),
  ...(rpm === undefined ? {} : { rpm: Number(rpm) }),
};
console.log(`edge key (shown once, give it to the caller):\n${key}\n`);
console.log(`its entry for the array EDGE_KEYS:\n${JSON.stringify(entry)}\n`);
console.log("put the whole array there with `npx wrangler secret put EDGE_KEYS --config worker/wrangler.jsonc`;");
console.log("that replaces the array, and nobody can read it back: keep the entries of your other keys.");
