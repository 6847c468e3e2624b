// What is wrong or missing before the Worker is deployed, in plain words. Pure: plain values in, sentences out, and no
// value of a secret comes in.

import { readOrigins } from "../worker/entry/cors.ts";

/** The secrets that the Worker reads; any but the first two may be absent. Other profiles append `_<NAME>` to the first. */
export const SECRETS: readonly string[] = ["SEPAY_API_TOKEN", "EDGE_KEYS", "EDGE_TICKET_SECRET", "EDGE_TICKET_SECRET_PREVIOUS"];

const LOGS = ["all", "errors", "off"];

/** The variables of wrangler.jsonc, with those of `--var NAME:VALUE …` over them, as wrangler does it. */
export function variables(configured: Readonly<Record<string, unknown>>, args: readonly string[]): Record<string, unknown> {
  const given = pairs(args).flatMap((pair) => {
    const [, name, value] = /^([^:]+):?(.*)$/s.exec(pair) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return { ...configured, ...Object.fromEntries(given) };
}

/** What stands after `--var`: wrangler takes everything up to the next argument that begins with a dash. */
function pairs(args: readonly string[]): string[] {
  const found: string[] = [];
  let isVar = false;
  for (const arg of args) {
    const inline = /^--var=(.*)$/s.exec(arg)?.[1];
    if (inline !== undefined) found.push(inline);
    if (arg.startsWith("-")) isVar = arg === "--var" || inline !== undefined;
    else if (isVar) found.push(arg);
  }
  return found;
}

/** What would not work or not be safe, one sentence for each; nothing when all is well. */
export function faults(vars: Readonly<Record<string, unknown>>): string[] {
  const text = (name: string): string => String(vars[name] ?? "");
  return [
    ...Object.keys(vars).filter(isSecret).map((name) => `${name} is a secret, and a variable can be read by everybody who sees the file or the dashboard: take it out, and use ${put(name)}.`),
    ...originFaults(text("EDGE_ORIGINS")),
    ...Object.keys(vars).filter((name) => /^SEPAY_STRICT(_|$)/.test(name)).flatMap((name) => switchFault(name, vars[name])),
    ...(["", ...LOGS].includes(text("EDGE_LOGS")) ? [] : [`EDGE_LOGS should be ${LOGS.join(", ")}; it is '${text("EDGE_LOGS")}'.`]),
    ...(isHttps(text("SEPAY_BASE_URL")) ? [] : ["SEPAY_BASE_URL should begin with https://, such as https://my.sepay.vn: SePay's token travels there."]),
    ...(isRate(text("SEPAY_REQUESTS_PER_SECOND")) ? [] : ["SEPAY_REQUESTS_PER_SECOND should be a whole number from 1 to 50; SePay's pages say 2 and 3."]),
  ];
}

/** What is still to do after a deployment, by the names of the secrets that are set; undefined when they are not known. */
export function missing(names: readonly string[] | undefined): string[] {
  if (names === undefined) return [`which secrets are set is not known; the Worker needs SEPAY_API_TOKEN and EDGE_KEYS (worker/DEPLOY.md).`];
  return [
    ...(names.some((name) => name.startsWith("SEPAY_API_TOKEN")) ? [] : [`SEPAY_API_TOKEN is not set, so that SePay cannot be asked: ${put("SEPAY_API_TOKEN")}.`]),
    ...(names.includes("EDGE_KEYS") ? [] : [`EDGE_KEYS is not set, so that everybody is refused: ${put("EDGE_KEYS")}.`]),
    ...(names.includes("EDGE_TICKET_SECRET") ? [] : [`EDGE_TICKET_SECRET is not set, so that no tickets are made; if you want them: ${put("EDGE_TICKET_SECRET")}.`]),
  ];
}

/** The command that sets a secret. */
function put(name: string): string {
  return `\`npx wrangler secret put ${name} --config worker/wrangler.jsonc\``;
}

function isSecret(name: string): boolean {
  return SECRETS.includes(name) || name.startsWith("SEPAY_API_TOKEN_");
}

/** One sentence for each entry that the Worker would not take. */
function originFaults(text: string): string[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== "");
  return readOrigins(text).refused.map((place) => originFault(entries[place - 1] ?? ""));
}

function originFault(entry: string): string {
  const near = URL.canParse(entry) ? new URL(entry).origin : "";
  const instead = readOrigins(near).allowed.has(near) ? `${near} here` : "such as https://shop.example.vn";
  return `EDGE_ORIGINS: '${entry}' is no origin as browsers send it, ${instead}: http or https and host, no path and no * in it.`;
}

/** The Worker takes everything but the text `true` for off, and says nothing. */
function switchFault(name: string, value: unknown): string[] {
  if (["", "true", "false"].some((known) => known === value)) return [];
  return [`${name} should be the text true or false; it is ${typeof value === "string" ? `'${value}'` : JSON.stringify(value)}.`];
}

function isHttps(text: string): boolean {
  return text === "" || (URL.canParse(text) && new URL(text).protocol === "https:");
}

function isRate(text: string): boolean {
  return text === "" || (/^\d{1,2}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 50);
}
