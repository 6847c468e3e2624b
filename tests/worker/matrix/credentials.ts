/**
 * The columns of the matrix: every state that a credential can be in, and what it is worth. The keys of a shop today and
 * as they were yesterday, when some keys could do more and another secret signed.
 */
import { createHash } from "node:crypto";
import { mintKey } from "../../../scripts/edge-key.ts";
import { ALL_SCOPES, keyEntry } from "../site.ts";
import type { KeyEntry } from "../site.ts";
import { SECRET, changed, read, sign, unsigned } from "./jwt.ts";
import type { Claims } from "./jwt.ts";
import { narrowed } from "./oracle.ts";
import type { Claimed, Rights } from "./oracle.ts";
import { A, AMOUNT, B, C, CODE, LOOK_BACK_DAYS } from "./world.ts";

/** What a ticket was signed with yesterday. */
export const OLD_SECRET = "the secret before it, of 32 characters+";

/** The token of the other shop, whose profile is `other`. */
export const OTHER_TOKEN = "token-of-the-other-shop".padEnd(64, "0");

/** The id of its key, the only one there. */
export const OTHER_ID = "of-the-other-shop";

/** One who asks. */
export interface Credential {
  readonly name: string;
  /** The `Authorization` header. */
  readonly header: string | null;
  /** The status of every refusal; null for those who are let in. */
  readonly refused: 401 | 429 | null;
  readonly rights: Rights;
  readonly shop: "home" | "other";
  /** The id of its key; tickets have one of their own as well. */
  readonly id: string;
  readonly ticketId: string | null;
}

/** How many keys there are with one request a minute: each is spent once, right before it is refused. */
export const SPENT_KEYS = 64;

/** Every field that can be hidden. */
export const HIDEABLE: readonly string[] =
  "accountId accountNumber amountIn amountOut balance bank bankBin bankCode bankName code content createdAt holder label lastTransactionAt reference subAccount".split(" ");

const ALL: Rights = { scopes: ALL_SCOPES, accounts: null, hide: [], fromDays: null, code: null, amount: null };
const READ = ["accounts:read", "transactions:read"];

/** A key as it is configured, and whether it is let in. */
interface Key {
  readonly text: string;
  readonly entry: KeyEntry;
  readonly rights: Rights;
  readonly refused: 401 | 429 | null;
}

interface Shape extends Partial<Rights> {
  readonly profile?: string;
  readonly rpm?: number;
  readonly expires?: string;
  readonly refused?: 401 | 429;
  /** As `EDGE_KEYS` has it, when that is not what the rights say. */
  readonly written?: Partial<KeyEntry>;
}

/** A key in the form that `npm run key` makes; the same seed makes the same. */
export function ownKey(seed: string): string {
  return mintKey(createHash("sha256").update(seed).digest());
}

/** The same key with another letter in its middle. */
export function mistyped(key: string): string {
  return `${key.slice(0, 10)}${key[10] === "a" ? "b" : "a"}${key.slice(11)}`;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  full: {},
  maker: {},
  ...Object.fromEntries(ALL_SCOPES.map((scope) => [`only ${scope}`, { scopes: [scope] }])),
  "no scope": { scopes: [] },
  "unknown scopes": { scopes: [], written: { scopes: ["accounts", "transactions:*", "admin", "*"] } },
  expired: { expires: "2026-01-01T00:00:00Z", refused: 401 },
  lasting: { expires: "2126-01-01T00:00:00Z" },
  "one account": { accounts: [A] },
  "two accounts": { accounts: [A, B] },
  "one account that it hides": { accounts: [A], hide: ["accountNumber"] },
  "no account": { accounts: [] },
  "nine accounts": { accounts: [A, ...Array.from({ length: 8 }, (_, index) => `55500000${index}`)] },
  "look back": { fromDays: LOOK_BACK_DAYS, written: { from: `${LOOK_BACK_DAYS}d` } },
  ...Object.fromEntries(HIDEABLE.map((field) => [`hides ${field}`, { hide: [field] }])),
  "hides several": { hide: ["balance", "content", "code", "reference", "holder", "accountNumber"] },
  "limited in every way": { accounts: [A, B], hide: ["balance"], fromDays: LOOK_BACK_DAYS, scopes: ["transactions:read", "tickets:write"], written: { from: `${LOOK_BACK_DAYS}d` } },
  "of the other shop": { profile: "other" },
  ...Object.fromEntries(Array.from({ length: SPENT_KEYS }, (_, index) => [`spent ${index}`, { rpm: 1, refused: 429 as const }])),
  roomy: { rpm: 10_000 },
  shrunk: { accounts: [A], scopes: ["transactions:read"], hide: ["content"] },
};

/** What some keys were yesterday, and one that is gone. */
const YESTERDAY: Readonly<Record<string, Shape>> = {
  maker: {},
  expired: {},
  shrunk: {},
  removed: {},
};

const TODAY_KEYS = keysOf(SHAPES);

/** The keys of today: another one has the id of the key that was removed. */
export function keysToday(sepayToken: string): readonly KeyEntry[] {
  const twin = keyEntry("a key with the id of the one that was removed", { id: "removed", scopes: ALL_SCOPES });
  const asKey = keyEntry(sepayToken, { id: "sepay-token", scopes: ALL_SCOPES });
  return [twin, asKey, ...[...TODAY_KEYS.values()].map(({ entry }) => entry)];
}

/** The keys of yesterday. */
export function keysYesterday(): readonly KeyEntry[] {
  return [...keysOf(YESTERDAY).values()].map(({ entry }) => entry);
}

/** Makes a ticket with a key: at the site of today or at that of yesterday. */
export interface Mint {
  today(keyName: string): Promise<string>;
  yesterday(keyName: string): Promise<string>;
}

/** The text of a key. */
export function textOf(keyName: string): string {
  return ownKey(keyName);
}

/** Every credential. The narrow ones come first, so that nobody with more rights has asked before them. */
export async function credentials(sepayToken: string, mint: Mint): Promise<readonly Credential[]> {
  const lasting = [...TODAY_KEYS].filter(([, { refused }]) => refused !== 429);
  const keys = lasting.map(([name, key]) => ofKey(name, key)).toReversed();
  return [...refusedTexts(sepayToken), ...(await tickets(mint)), ...keys];
}

/** A key whose limit is used up for the next minute, by the making of the ticket that comes with it. */
export async function spent(index: number, mint: Mint): Promise<readonly Credential[]> {
  const name = `spent ${index}`;
  const key = ofKey(name, TODAY_KEYS.get(name) ?? raise(name));
  const ticket = await mint.today(name);
  return [key, { ...key, name: `ticket, of ${name}`, header: `Bearer ${ticket}`, ticketId: String(read(ticket).claims["jti"]) }];
}

function keysOf(shapes: Readonly<Record<string, Shape>>): Map<string, Key> {
  return new Map(
    Object.entries(shapes).map(([name, { refused = null, written, profile, rpm, expires, ...rest }]) => {
      const rights = { ...ALL, ...rest };
      const text = ownKey(name);
      const optional = Object.entries({ profile, rpm, expires, accounts: rest.accounts }).filter(([, value]) => value !== undefined);
      const entry = keyEntry(text, { id: idOf(name), scopes: rights.scopes, hide: rights.hide, ...Object.fromEntries(optional), ...written });
      return [name, { text, entry, rights, refused }];
    }),
  );
}

function idOf(name: string): string {
  return name.replaceAll(/[ :]/g, "-");
}

function ofKey(name: string, { text, entry, rights, refused }: Key): Credential {
  const shop = entry.profile === "other" ? "other" : "home";
  return { name: `key, ${name}`, header: `Bearer ${text}`, refused, rights, shop, id: entry.id, ticketId: null };
}

function dead(name: string, header: string | null): Credential {
  return { name, header, refused: 401, rights: { ...ALL, scopes: [] }, shop: "home", id: "", ticketId: null };
}

function refusedTexts(sepayToken: string): Credential[] {
  const full = ownKey("full");
  const texts: Readonly<Record<string, string | null>> = {
    none: null,
    "a bare key": full,
    "another scheme": `Basic ${full}`,
    "a scheme alone": "Bearer",
    "two words": `Bearer ${full} ${full}`,
    "two credentials": `Bearer ${full}, Bearer ${ownKey("maker")}`,
    unknown: `Bearer ${ownKey("nobody's")}`,
    "unknown and short": "Bearer x",
    mistyped: `Bearer ${mistyped(full)}`,
    "cut short": `Bearer ${full.slice(0, -1)}`,
    "SePay's own token": `Bearer ${sepayToken}`,
    "the other shop's token": `Bearer ${OTHER_TOKEN}`,
    "the hash of a key": `Bearer ${keyEntry(full).sha256}`,
    "the secret of tickets": `Bearer ${Buffer.from(SECRET).toString("base64url")}`,
  };
  return Object.entries(texts).map(([name, header]) => dead(name, header));
}

async function tickets(mint: Mint): Promise<Credential[]> {
  const maker = await mint.today("maker");
  const limited = await mint.today("limited in every way");
  const [expired, removed, shrunk, old] = await Promise.all(["expired", "removed", "shrunk", "maker"].map((name) => mint.yesterday(name)));
  const { header } = read(maker);
  const nowSeconds = Math.floor(Date.now() / 1000);
  /** Changes what a ticket claims; everything that narrows is said, so that no default of the making counts. */
  const good = (name: string, keyName: string, base: string, claimed: Claimed, claims: Claims = {}): Credential => {
    const { rights, entry, refused } = TODAY_KEYS.get(keyName) ?? raise(keyName);
    const { scopes, accounts, code, amount, hide = [] } = claimed;
    const narrow = { scope: scopes.join(" "), accounts, code, amount, hide: hide.length > 0 ? hide : undefined };
    const { claims: old } = read(base);
    const ticketId = `${String(old["jti"])}-${idOf(name)}`;
    const text = sign({ header, claims: { ...old, ...narrow, jti: ticketId, ...claims } });
    const shop = entry.profile === "other" ? "other" : "home";
    return { name: `ticket, ${name}`, header: `Bearer ${text}`, refused, rights: narrowed(rights, claimed), shop, id: entry.id, ticketId };
  };
  const bad = (name: string, ticket: string): Credential => dead(`ticket, ${name}`, `Bearer ${ticket}`);
  const plain = { scopes: ["transactions:read"] };
  const ofOther = await mint.today("of the other shop");
  const lasting = changed(maker, {});
  return [
    bad("over", changed(maker, { iat: nowSeconds - 1000, exp: nowSeconds - 100 })),
    bad("over this second", changed(maker, { iat: nowSeconds - 1000, exp: nowSeconds })),
    bad("not yet valid", changed(maker, { iat: nowSeconds + 600, exp: nowSeconds + 1500 })),
    bad("for longer than any", changed(maker, { iat: nowSeconds - 10, exp: nowSeconds + 7200 })),
    bad("with an end before its beginning", changed(maker, { iat: nowSeconds + 50, exp: nowSeconds + 40 })),
    bad("of another's payload", `${unsigned({ header, claims: { ...read(maker).claims, scope: READ.join(" ") } })}.${maker.split(".")[2]}`),
    bad("alg none, without a signature", `${unsigned({ header: { alg: "none", typ: "JWT" }, claims: read(maker).claims })}.`),
    bad("alg none, signed all the same", sign({ header: { ...header, alg: "none" }, claims: read(maker).claims })),
    bad("alg HS512 by name", sign({ header: { ...header, alg: "HS512" }, claims: read(maker).claims })),
    bad("of another secret", changed(maker, {}, "another secret that nobody knows, 32+")),
    bad("of an empty secret", changed(maker, {}, "")),
    bad("with padding", `${lasting}=`),
    bad("with a fourth part", `${lasting}.x`),
    bad("from elsewhere", changed(maker, { iss: "elsewhere" })),
    bad("that hides what nobody knows", changed(maker, { hide: ["ballance"] })),
    bad("with a claim that nobody knows", changed(maker, { acounts: [A] })),
    bad("of another key's name", changed(maker, { sub: "full" })),
    bad("of a key that has expired", sign({ header, claims: read(expired ?? "").claims })),
    bad("of a key that was removed", sign({ header, claims: read(removed ?? "").claims })),
    bad("of a key that was removed, with the old secret", removed ?? ""),
    good("of a key whose rights shrank", "shrunk", shrunk ?? "", { scopes: READ, accounts: [A, B, C] }),
    good("that claims more than its key", "limited in every way", limited, { scopes: ALL_SCOPES, accounts: [A, C] }),
    good("that claims another account than its key", "limited in every way", limited, { scopes: READ, accounts: [C] }),
    good("of a limited key", "limited in every way", limited, plain),
    good("of a limited key, narrowed", "limited in every way", limited, { ...plain, accounts: [B], code: CODE, hide: ["content"] }),
    good("with a code", "maker", maker, { ...plain, code: CODE }),
    good("with a code on one account", "maker", maker, { ...plain, code: CODE, accounts: [A] }),
    good("with an amount", "maker", maker, { ...plain, amount: AMOUNT }),
    good("with a code and an amount", "maker", maker, { ...plain, code: CODE, amount: AMOUNT }),
    good("with a code that claims accounts", "maker", maker, { scopes: READ, code: CODE }),
    good("with a code and an amount that it hides", "maker", maker, { ...plain, code: CODE, amount: AMOUNT, hide: ["code", "amountIn"] }),
    good("with a code that nobody paid", "maker", maker, { ...plain, code: "MXNOBODY01" }),
    good("of one account", "maker", maker, { scopes: READ, accounts: [A] }),
    good("that hides", "maker", maker, { scopes: READ, hide: ["balance", "content"] }),
    good("that claims every scope", "maker", maker, { scopes: ALL_SCOPES }),
    good("of no scope", "maker", maker, { scopes: [] }),
    good("plain", "maker", maker, plain),
    good("of both scopes", "maker", maker, { scopes: READ }),
    good("of the other shop", "of the other shop", ofOther, { scopes: READ }),
    {
      ...good("of yesterday's secret", "maker", old ?? "", plain),
      header: `Bearer ${changed(old ?? "", { scope: "transactions:read", hide: undefined }, OLD_SECRET)}`,
      ticketId: String(read(old ?? "").claims["jti"]),
    },
  ];
}

function raise(name: string): never {
  throw new Error(`no key ${name}`);
}
