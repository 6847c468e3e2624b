/** Judges an answer of SePay's as the core does: status, kind of body, envelope. */

import type { Answer } from "./peer.ts";
import { PeerError, unreadable } from "./peer-error.ts";

/** The root of an answer. */
export type Root = Readonly<Record<string, unknown>>;

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** A good answer. */
export interface Good {
  readonly root: Root;
  /** Whether any character is written as `\u…`. */
  readonly hasEscapes: boolean;
}

/** Reads a good answer's root; throws `PeerError` for every other. */
export function answered({ status, contentType, body }: Answer): Good {
  const text = decoded(body);
  const failure = failureOf(status, contentType, text);
  if (failure !== null) throw failure;
  if (text === null) throw unreadable("body", "expected UTF-8, found other bytes");
  const root = parsed(text);
  judgeEnvelope(root);
  return { root, hasEscapes: text.includes("\\u") };
}

/** Bytes as text without a byte order mark; null when they are no UTF-8. */
function decoded(body: Uint8Array): string | null {
  try {
    return UTF8.decode(body);
  } catch {
    return null;
  }
}

function failureOf(status: number, contentType: string | null, text: string | null): PeerError | null {
  if (status === 429) return new PeerError("rate_limited", "SePay's rate limit is exceeded", { status });
  if (status >= 500 && status <= 599) return new PeerError("server_error", `SePay failed with status ${status}`, { status });
  if (status >= 300 && status <= 399) return new PeerError("redirect", `a redirect, status ${status}`, { status });
  const first = text === null ? "?" : firstOf(text);
  const isDeclared = contentType !== null && /^\s*text\/html/i.test(contentType);
  if (first === "<" || (isDeclared && first !== "" && first !== "{" && first !== "[")) return new PeerError("challenge", "an HTML page", { status });
  if (status === 200 && first !== "") return null;
  return refusal(status === 200 ? 401 : status, text === null ? null : wordsIn(text));
}

/** The first character that is no white space; `""` of nothing. */
function firstOf(text: string): string {
  const first = text[0] ?? "";
  return first > " " ? first : (/[^ \t\n\f\r]/.exec(text)?.[0] ?? "");
}

function refusal(status: number, words: string | null): PeerError {
  const code = status === 401 ? "unauthorized" : status === 403 ? "forbidden" : status === 404 ? "not_found" : "rejected";
  return new PeerError(code, words ?? `SePay said no, status ${status}`, { status });
}

function parsed(text: string): Root {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw unreadable("body", "expected a whole JSON object, found something else");
  }
  if (!isObject(root)) throw unreadable("body", "expected a JSON object, found something else");
  return root;
}

function isObject(value: unknown): value is Root {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** SePay's own verdict inside a 200. A status 401, 403 or 404 there means what it means in HTTP. */
function judgeEnvelope(root: Root): void {
  const { messages } = root;
  const [status, error] = [stated(root["status"]), stated(root["error"])];
  const success = isObject(messages) ? scalar(messages["success"]) : null;
  const isFailure = success === "false" || success === "0" || success === "";
  const isStatusWell = status === "" || status === "200";
  const isErrorWell = error === "" || error === "200" || error === "0" || error === "false";
  if (isStatusWell && isErrorWell && !isFailure) return;
  throw refusal(statusOf(status) ?? statusOf(error) ?? 200, wordsOf(root));
}

function statusOf(text: string): number | null {
  const status = /^\+?\d+$/.test(text) ? Number(text) : 0;
  return status >= 300 && status <= 599 ? status : null;
}

/** The text of anything that is said; nothing for null and for an empty list or object, as PHP writes them. */
function stated(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return String(value);
  return Object.keys(value).length === 0 ? "" : "something";
}

/** The text of a string, number, true or false. */
function scalar(value: unknown): string | null {
  return typeof value === "object" || value === undefined ? null : String(value);
}

function wordsIn(text: string): string | null {
  try {
    const root = parsed(text);
    return wordsOf(root);
  } catch {
    return null;
  }
}

/** SePay's words, at most 500 characters, without control characters. */
function wordsOf({ messages, error, message }: Root): string | null {
  const inner = (key: string): string | null => (isObject(messages) ? scalar(messages[key]) : null);
  const said = inner("error") ?? inner("message") ?? scalar(messages) ?? scalar(error) ?? scalar(message) ?? "";
  const clean = [...said.replace(/\p{Cc}/gu, " ")].slice(0, 500).join("").trim();
  return clean === "" ? null : clean;
}
