// The arguments of `npm run key` to the fields of an entry of EDGE_KEYS. What the Worker would refuse is refused here, in
// a sentence that names the argument. Pure: the time comes in.

import { nearest } from "./nearest.ts";

/** An entry of `EDGE_KEYS`, without its hash. A field that was not asked for is absent, never null. */
export interface KeyFields {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly accounts?: readonly string[];
  readonly hide?: readonly string[];
  readonly profile?: string;
  /** RFC 3339 with an offset, in whole seconds. */
  readonly expires?: string;
  /** Requests in any minute. */
  readonly rpm?: number;
  /** How many days back the key sees, `"30d"`. */
  readonly from?: string;
}

/** An argument that cannot be used; the message is one sentence that names it. */
export class BadArgument extends Error {
  override readonly name = "BadArgument";
}

export const USAGE =
  "npm run key -- --id shop [--scopes accounts:read,transactions:read] [--accounts 0071000888888,…] [--hide balance,content,…] [--from 30d] [--expires 2027-01-01T00:00:00Z|90d] [--rpm 600] [--profile default]";

/** What a key may do unless told otherwise. */
const USUAL_SCOPES = ["accounts:read", "transactions:read"];

/** Every scope, as worker/src/auth.rs names them. */
export const SCOPES: readonly string[] = [...USUAL_SCOPES, "metrics:read", "tickets:write", "audit:read"];

/** Every field of the model that can be hidden. */
export const HIDEABLE: readonly string[] = [
  ...["accountId", "accountNumber", "amountIn", "amountOut", "balance", "bank", "bankBin", "bankCode", "bankName"],
  ...["code", "content", "createdAt", "holder", "label", "lastTransactionAt", "reference", "subAccount"],
];

/** The highest limit of a key, in requests a minute. */
const MAX_RPM = 10_000;

const MAX_DAYS = 3650;

const DAY_MS = 86_400_000;

const NAMES = ["id", "scopes", "accounts", "hide", "from", "expires", "rpm", "profile"] as const;

type Name = (typeof NAMES)[number];

/**
 * Reads the arguments after `npm run key --`; `nowMs` is in milliseconds since the Unix epoch.
 * Throws `BadArgument`.
 */
export function keyFields(args: readonly string[], nowMs: number): KeyFields {
  const given = options(args);
  const text = <T>(name: Name, read: (value: string) => T): Record<string, T> => {
    const value = given.get(name);
    return value === undefined ? {} : { [name]: read(value) };
  };
  return {
    id: id(given.get("id")),
    scopes: USUAL_SCOPES,
    ...text("scopes", (value) => known("scopes", value, SCOPES)),
    ...text("accounts", accounts),
    ...text("hide", (value) => known("hide", value, HIDEABLE)),
    ...text("profile", profile),
    ...text("expires", (value) => expires(value, nowMs)),
    ...text("rpm", rpm),
    ...text("from", from),
  };
}

/** Splits `--name value` and `--name=value`; each name once, none but ours. */
function options(args: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name = "", inline] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? refuse(`'${word}' is not an argument: each begins with --.\nusage: ${USAGE}`);
    if (!NAMES.some((ours) => ours === name)) refuse(`--${name} is unknown${meant(name, NAMES, "--")}\nusage: ${USAGE}`);
    if (given.has(name)) refuse(`--${name} is given twice; once is enough, lists are separated by commas.`);
    const value = inline ?? rest.shift();
    if (value === undefined || (inline === undefined && value.startsWith("--"))) refuse(`--${name} needs a value.`);
    given.set(name, value);
  }
  return given;
}

function id(text: string | undefined): string {
  if (text === undefined) refuse(`--id is missing.\nusage: ${USAGE}`);
  return /^[A-Za-z0-9._-]{1,64}$/.test(text) ? text : refuse("--id should have 1 to 64 letters, digits, '-', '_' or '.'.");
}

/** A list of which every item is one of those known. */
function known(name: Name, text: string, all: readonly string[]): string[] {
  const items = list(name, text);
  const wrong = items.find((item) => !all.includes(item));
  return wrong === undefined ? items : refuse(`--${name}: '${wrong}' is unknown${meant(wrong, all)}`);
}

function accounts(text: string): string[] {
  const numbers = list("accounts", text);
  const wrong = numbers.find((number) => !/^[A-Za-z0-9._-]{1,64}$/.test(number));
  return wrong === undefined ? numbers : refuse(`--accounts: '${wrong}' is no account number; it has letters and digits, and no spaces.`);
}

function profile(text: string): string {
  return /^[a-z0-9_]{1,32}$/.test(text) ? text : refuse("--profile should have 1 to 32 lower-case letters, digits or '_'.");
}

/** A time to come, or the time so many days from now. */
function expires(text: string, nowMs: number): string {
  const days = wholeDays(text);
  if (days !== undefined) return `${new Date(nowMs + days * DAY_MS).toISOString().slice(0, 19)}Z`;
  const timeMs = instantMs(text);
  return timeMs !== undefined && timeMs > nowMs
    ? text
    : refuse(`--expires should be a time to come, such as 2027-01-01T00:00:00Z, or 1d to ${MAX_DAYS}d from now.`);
}

function rpm(text: string): number {
  const number = Number(text);
  return /^\d{1,5}$/.test(text) && number >= 1 && number <= MAX_RPM ? number : refuse(`--rpm should be 1 to ${MAX_RPM} requests a minute.`);
}

function from(text: string): string {
  return wholeDays(text) === undefined ? refuse(`--from should be 1d to ${MAX_DAYS}d: how many days back the key sees.`) : text;
}

function wholeDays(text: string): number | undefined {
  const days = /^[1-9]\d{0,3}d$/.test(text) ? Number(text.slice(0, -1)) : 0;
  return days >= 1 && days <= MAX_DAYS ? days : undefined;
}

/** RFC 3339 with an offset, in whole seconds, to milliseconds since the Unix epoch; nothing for 30 February or 24:00. */
function instantMs(text: string): number | undefined {
  const [, local, offset] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (local === undefined || offset === undefined) return undefined;
  // JavaScript reads 30 February as 2 March, so that it is written again and compared.
  const localMs = Date.parse(`${local}Z`);
  if (Number.isNaN(localMs) || new Date(localMs).toISOString().slice(0, 19) !== local) return undefined;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** The items of a list that is separated by commas, each once. */
function list(name: Name, text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) refuse(`--${name} should be a list separated by commas, without empty places.`);
  return [...new Set(items)];
}

function meant(given: string, all: readonly string[], prefix = ""): string {
  const near = nearest(given, all);
  return near === undefined ? `; there are ${all.map((name) => prefix + name).join(", ")}.` : `; did you mean ${prefix}${near}?`;
}

function refuse(sentence: string): never {
  throw new BadArgument(sentence);
}
