/**
 * Judges one answer: whether it shows what the oracle allows, all of it, and nothing else, in its body, its headers and
 * its status. Returns what is wrong with it, without the values.
 */
import { OTHER_ID } from "./credentials.ts";
import type { Credential } from "./credentials.ts";
import { verdict } from "./oracle.ts";
import type { Matching, Rights, Row, Verdict } from "./oracle.ts";
import { NAMED } from "./questions.ts";
import type { Question } from "./questions.ts";
import { words } from "./world.ts";
import { written } from "./written.ts";

/** An answer, complete. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly text: string;
}

/** What an answer is judged by. */
export interface Case {
  readonly question: Question;
  readonly credential: Credential;
  /** The rows of the credential's shop that match the question, for the routes that ask SePay. */
  readonly matching: Matching | null;
  /** Every long word of both shops. */
  readonly secrets: ReadonlySet<string>;
  /** When it was asked, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

type Body = Readonly<Record<string, unknown>>;

/** What is wrong with an answer; nothing when all is well. */
export function faults(of: Case, answer: Answer): string[] {
  const expected = expectedOf(of);
  if (answer.status !== expected.status) return [`status ${answer.status} instead of ${expected.status}`, ...leaks(of, expected, answer)];
  const wrong = answer.status >= 300 ? [] : wrongBody(of, expected, answer.text);
  return [...wrong, ...leaks(of, expected, answer)];
}

/** What must come of a question. */
export function expectedOf({ question, credential, matching, nowMs }: Case): Verdict {
  if (question.route === "/healthz") return { status: 200 };
  const { refused, rights } = credential;
  if (refused !== null) return { status: refused };
  if (question.asked !== null && matching !== null) return verdict(rights, question.asked, matching, nowMs);
  return { status: statusOf(question.route, credential) };
}

/** Our own routes: which right opens them. */
function statusOf(route: string, { rights, ticketId }: Credential): number {
  const may = (scope: string): boolean => rights.scopes.includes(scope);
  switch (route) {
    case "/metrics":
      return may("metrics:read") ? 200 : 403;
    case "/api/status":
      // Every key reads it, and no ticket: how busy the shop is, is not its customers' business.
      return ticketId === null ? 200 : 403;
    case "/api/audit":
      return may("audit:read") ? 200 : 403;
    case "/api/tickets":
      // What is asked for when nothing is said, transactions:read, has to be the key's own.
      return ticketId === null && may("tickets:write") && may("transactions:read") ? 201 : 403;
    default:
      return 200;
  }
}

function wrongBody({ question, credential }: Case, expected: Verdict, text: string): string[] {
  if ("rows" in expected && question.asked !== null) return wrongRows(question, credential.rights, expected, JSON.parse(text) as Body);
  if (question.route === "/api/audit") return wrongTrail(credential, JSON.parse(text) as Body);
  if (question.route === "/api/tickets/self") return wrongSelf(credential, JSON.parse(text) as Body);
  if (question.route === "/api/tickets") return wrongRights(credential.rights, ["transactions:read"], (JSON.parse(text) as { rights: Rights }).rights);
  return [];
}

function wrongRows({ asked, form }: Question, { hide, code }: Rights, { rows, limit }: Extract<Verdict, { rows: unknown }>, body: Body): string[] {
  const found = form === "json" ? body["data"] : body[rootOf(asked)];
  if (asked?.call === "count") {
    const count = form === "json" ? body["count"] : found;
    return count === rows.length ? [] : [`count ${String(count)} instead of ${rows.length}`];
  }
  const list = (asked?.call === "details" ? [found] : found) as Readonly<Record<string, unknown>>[];
  const isWrong = (row: Readonly<Record<string, unknown>>): boolean => {
    const own = rows.find(({ id }) => String(id) === row["id"]);
    return own === undefined || JSON.stringify(written(own, form, hide)) !== JSON.stringify(row);
  };
  const wrong = list.filter(isWrong).map((row) => `row ${String(row["id"])} is not the caller's, or not as it should be`);
  const number = Math.min(limit, rows.length);
  if (new Set(list.map((row) => row["id"])).size !== number || list.length !== number) wrong.push(`${list.length} rows instead of ${number}`);
  const { complete } = body;
  if (complete === true && rows.length > limit) wrong.push("it says that it is complete, and is not");
  if (complete === false && code === null && rows.length < limit) wrong.push("it is complete, and says that it is not");
  return wrong;
}

function rootOf(asked: Question["asked"]): string {
  const of = asked?.of === "accounts" ? "bankaccount" : "transaction";
  if (asked?.call === "count") return `count_${of}s`;
  return asked?.call === "list" ? `${of}s` : of;
}

/** The trail of a shop: there is one key of the other one. */
function wrongTrail({ shop }: Credential, body: Body): string[] {
  const callers = (body["data"] as { caller: string | null }[]).flatMap(({ caller }) => caller ?? []);
  return callers.every((caller) => (caller === OTHER_ID) === (shop === "other")) ? [] : ["it tells of another shop's callers"];
}

function wrongSelf({ rights, id, ticketId }: Credential, body: Body): string[] {
  const { kind, id: own, ticketId: ownTicket } = body;
  const isRight = kind === (ticketId === null ? "key" : "ticket") && own === id && ownTicket === ticketId;
  return [...(isRight ? [] : ["it names another credential"]), ...wrongRights(rights, rights.scopes, body["rights"] as Rights)];
}

function wrongRights(rights: Rights, scopes: readonly string[], told: Rights): string[] {
  const { accounts, code, amount, hide, fromDays } = rights;
  const shown = <T>(field: string, value: T): T | null => (hide.includes(field) ? null : value);
  const wanted = { accounts: shown("accountNumber", accounts), code: shown("code", code), amount: shown("amountIn", amount), fromDays };
  const wrong = Object.entries(wanted).filter(([name, value]) => JSON.stringify(told[name as keyof Rights]) !== JSON.stringify(value));
  const isSame = (one: readonly string[], other: readonly string[]): boolean => one.toSorted().join() === other.toSorted().join();
  const others = [isSame(told.scopes, scopes) ? [] : ["scopes"], isSame(told.hide, hide) ? [] : ["hide"]].flat();
  return [...wrong.map(([name]) => name), ...others].map((name) => `rights.${name} is not what it should be`);
}

function leaks({ question, credential, secrets }: Case, expected: Verdict, { status, statusText, headers, text }: Answer): string[] {
  const whole = `${status} ${statusText} ${[...headers].join(" ")} ${text}`.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "");
  const suspects = words(whole).filter((word) => secrets.has(word));
  if (suspects.length === 0) return [];
  const { accounts, code, amount } = credential.rights;
  const own = question.route.startsWith("/api/tickets") ? [JSON.stringify([accounts, code, amount])] : [];
  const rows: readonly Row[] = "rows" in expected ? expected.rows : [];
  const shown = rows.map((row) => Object.values(written(row, question.form, credential.rights.hide)).join(" "));
  const allowed = new Set([question.path, ...NAMED.filter((word) => question.path.includes(word)), ...own, ...shown].flatMap(words));
  const found = suspects.filter((word) => !allowed.has(word));
  return found.length === 0 ? [] : [`${found.length} words that are not the caller's`];
}
