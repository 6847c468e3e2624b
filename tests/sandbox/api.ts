/**
 * SePay's API v1 as a function: a question and the rows go in, an answer comes out. Knows neither sockets nor
 * clocks, and neither the rate limit nor faults: both are decided before or after it.
 */
import { accountQuery, select, transactionQuery } from "./filters.ts";
import type { Query } from "./filters.ts";
import type { Account, Transaction } from "./model.ts";
import type { Settings } from "./settings.ts";
import { failureBody, successBody, wireAccount, wireTransaction } from "./wire.ts";

/** What a client asked. */
export interface Question {
  readonly method: string;
  /** Path and query as they came, undecoded. */
  readonly target: string;
  readonly authorization: string | undefined;
}

/** What the answer is made from. */
export interface Context {
  readonly accounts: readonly Account[];
  readonly transactions: readonly Transaction[];
  readonly settings: Settings;
  /** Those it accepts. */
  readonly tokens: readonly string[];
}

/** An HTTP answer, complete. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer, and what was noticed about the question. */
export interface Outcome {
  readonly answer: Answer;
  readonly unauthorized: boolean;
  readonly unknownParameters: number;
  readonly malformedParameters: number;
}

interface Call {
  readonly resource: "bankaccounts" | "transactions";
  readonly action: "list" | "count" | "details";
  /** The id of `details`, as text. */
  readonly id: string;
  readonly query: string;
}

const ROUTE = /^\/userapi\/(bankaccounts|transactions)\/(?:(list|count)|details\/([^/]+))$/;

/** Splits a request target at its query; an absolute target ("http://host/path") loses its host. */
export function splitTarget(target: string): { path: string; query: string } {
  const local = target.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = local.indexOf("?");
  return mark < 0 ? { path: local, query: "" } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/** The name under which a path is counted: one of the six calls, or "other". */
export function pathName(path: string): string {
  const match = ROUTE.exec(path);
  if (match === null) return "other";
  return `/userapi/${match[1]}/${match[2] ?? "details/{id}"}`;
}

/**
 * Answers a question. In order: an unknown path is 404, another method than GET 405, a missing or wrong token
 * what the settings say, and then the call itself.
 */
export function answerQuestion(question: Question, context: Context): Outcome {
  const call = readCall(question.target);
  if (call === null) return plain(failure(404, "no such path"));
  if (question.method !== "GET")
    return plain({ ...failure(405, "only GET is allowed"), headers: { Allow: "GET" } });
  if (!context.tokens.some((token) => question.authorization === `Bearer ${token}`)) {
    return { ...plain(authFailure(context.settings)), unauthorized: true };
  }
  return call.resource === "bankaccounts" ? answerAccounts(call, context) : answerTransactions(call, context);
}

/** An answer with JSON. */
export function json(status: number, body: string): Answer {
  return { status, contentType: "application/json", headers: {}, body };
}

/** A failure whose HTTP status and body agree. */
export function failure(status: number, message: string): Answer {
  return json(status, failureBody(status, message));
}

/** The 429 of the rate limit; all pages name the header, whose value is in whole seconds. */
export function tooManyRequests(settings: Settings, retryAfterSeconds: number): Answer {
  const headers = { [settings.retryAfterHeader]: String(retryAfterSeconds) };
  return { ...failure(429, "too many requests"), headers };
}

function readCall(target: string): Call | null {
  const { path, query } = splitTarget(target);
  const match = ROUTE.exec(path);
  if (match === null) return null;
  const resource = match[1] === "transactions" ? "transactions" : "bankaccounts";
  const action = match[2] === "list" || match[2] === "count" ? match[2] : "details";
  return { resource, action, id: match[3] ?? "", query };
}

function authFailure(settings: Settings): Answer {
  return settings.authFailure === "empty200" ? json(200, "") : failure(401, "invalid or missing token");
}

function answerAccounts(call: Call, { accounts, settings }: Context): Outcome {
  if (call.action === "details") {
    const account = accounts.find((each) => String(each.id) === call.id);
    const body = account && successBody("bankaccount", wireAccount(account, settings));
    return details(call, body, "bank account not found", settings);
  }
  const query = accountQuery(call.query, settings, call.action);
  const rows = select(accounts, query, settings.order);
  const body =
    call.action === "count"
      ? successBody("count_bankaccounts", rows.length)
      : successBody(
          "bankaccounts",
          rows.map((row) => wireAccount(row, settings)),
        );
  return queried(body, query);
}

function answerTransactions(call: Call, { transactions, settings }: Context): Outcome {
  if (call.action === "details") {
    const row = transactions.find((each) => String(each.id) === call.id);
    const body = row && successBody("transaction", wireTransaction(row, settings));
    return details(call, body, "transaction not found", settings);
  }
  const query = transactionQuery(call.query, settings, call.action);
  const rows = select(transactions, query, settings.order);
  const body =
    call.action === "count"
      ? successBody("count_transactions", rows.length)
      : successBody(
          "transactions",
          rows.map((row) => wireTransaction(row, settings)),
        );
  return queried(body, query);
}

function details(call: Call, body: string | undefined, missing: string, settings: Settings): Outcome {
  const httpStatus = settings.notFound === "404" ? 404 : 200;
  const answer = body === undefined ? json(httpStatus, failureBody(404, missing)) : json(200, body);
  return { ...plain(answer), unknownParameters: new Set(new URLSearchParams(call.query).keys()).size };
}

function queried<Row>(body: string, query: Query<Row>): Outcome {
  return {
    ...plain(json(200, body)),
    unknownParameters: query.unknown.length,
    malformedParameters: query.malformed.length,
  };
}

function plain(answer: Answer): Outcome {
  return { answer, unauthorized: false, unknownParameters: 0, malformedParameters: 0 };
}
