// What browsers are told of an answer: which pages of other origins may read it (CORS,
// https://fetch.spec.whatwg.org/#http-cors-protocol), and that it is no page itself. Texts in, headers out: it sees no
// request and makes no response.

/** Headers by their lower-case names. */
export type HeaderLines = Readonly<Record<string, string>>;

/** `EDGE_ORIGINS` as it was read. */
export interface Origins {
  readonly allowed: ReadonlySet<string>;
  /** The places of the entries that are no origins, from 1. They allow nobody. */
  readonly refused: readonly number[];
}

/** What tells a preflight among the `OPTIONS` requests. */
export interface Asked {
  /** Absolute, as the platform made it of the target and `Host`: it need not be one that can be parsed. */
  readonly url: string;
  readonly origin: string;
  /** `Access-Control-Request-Method`. */
  readonly wantedMethod: string | null;
}

/** What every answer carries, whoever asks. */
export const ALWAYS: HeaderLines = {
  // A cache must not give the answer for one origin to another: it is told so even where no origin asked.
  vary: "Origin",
  // Nothing in an answer is ever run, shown in a frame or loaded from another site as an image or a script. Pages that may
  // read it do so by `fetch` in CORS mode, which the last of these leaves alone.
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** What a page may read besides the few headers that every page may: all that a client goes by. */
const EXPOSED =
  "Age, Cache-Status, ETag, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, X-Request-Id, x-sepay-userapi-retry-after";

/** What a preflight is told besides. Two hours are the longest that Chromium remembers it. */
const GRANTED: HeaderLines = {
  "access-control-allow-methods": "GET, HEAD, POST",
  "access-control-allow-headers": "Authorization, Cache-Control, Content-Type, If-None-Match, Prefer, Priority",
  "access-control-max-age": "7200",
};

const PREFLIGHT_VARIES: HeaderLines = { vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers" };

/** Where the API is: elsewhere a preflight is a request like others. */
const API = /^\w+:\/\/[^/]*\/(?:(?:api|userapi)\/|(?:metrics|healthz)(?:[?#]|$))/;

/** Reads origins that are separated by commas or white space. */
export function readOrigins(text: string): Origins {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== "");
  const refused = entries.flatMap((entry, index) => (isOrigin(entry) ? [] : [index + 1]));
  return { allowed: new Set(entries.filter(isOrigin)), refused };
}

/** Whether a text is an origin as browsers write one: compared as text, any other spelling would never match. */
function isOrigin(entry: string): boolean {
  // A star is a character of a host like others; whoever writes one means any host.
  if (!/^https?:/.test(entry) || entry.includes("*") || !URL.canParse(entry)) return false;
  return new URL(entry).origin === entry;
}

/** What lets a page of this origin read an answer, if it may. There is no `Allow-Credentials`: a key is no cookie. */
export function readableBy(origin: string, { allowed }: Origins): HeaderLines {
  return allowed.has(origin) ? { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED } : {};
}

/** What an `OPTIONS` request is told if it is a preflight. */
export function preflight(asked: Asked, origins: Origins): { isAllowed: boolean; headers: HeaderLines } | undefined {
  const { url, origin, wantedMethod } = asked;
  if (wantedMethod === null || !API.test(url)) return undefined;
  const isAllowed = origins.allowed.has(origin);
  const told = { ...ALWAYS, ...PREFLIGHT_VARIES };
  return { isAllowed, headers: isAllowed ? { ...told, "access-control-allow-origin": origin, ...GRANTED } : told };
}
