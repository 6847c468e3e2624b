/**
 * The model and the words of the surface: what goes into a call and what comes out. Types only.
 *
 * Money is whole VND as an exact `number`. Times come out as RFC 3339 text with Vietnam's offset,
 * `2026-11-19T08:30:00+07:00`. Ids and account numbers are text: leading zeros survive.
 */
import type { ErrorCode } from "./errors.ts";

/** A bank account that SePay watches (SePay's page "Bank Account API"). */
export interface BankAccount {
  /** SePay's id, 1 to 20 digits. */
  id: string;
  /** SePay's short name of the bank, "Vietcombank". */
  bank: string;
  /** The bank's full name. */
  bankName: string | null;
  /** The bank's number, "970436". */
  bankBin: string | null;
  /** The bank's code, "VCB". */
  bankCode: string | null;
  /** The account number, leading zeros kept. */
  accountNumber: string;
  /** The holder's name. */
  holder: string;
  /** The label given in SePay. */
  label: string | null;
  /** The balance SePay knows, VND; 0 from banks that report none. */
  balance: number;
  /** Whether SePay watches it; null when SePay does not say. */
  active: boolean | null;
  /** The time of the last transaction, RFC 3339, +07:00. */
  lastTransactionAt: string | null;
  /** When it was added to SePay, RFC 3339, +07:00. */
  createdAt: string | null;
}

/** Where the money went, seen from the account; "unknown" when neither or both amounts are above zero. */
export type Direction = "in" | "out" | "unknown";

/** Money that moved on an account (SePay's page "Transaction API"). */
export interface Transaction {
  /** SePay's id, 1 to 20 digits; later rows have larger ones. */
  id: string;
  /** SePay's id of the account. */
  accountId: string;
  /** The account number, leading zeros kept. */
  accountNumber: string;
  /** The virtual account that was paid, if one was. */
  subAccount: string | null;
  /** SePay's short name of the bank, "Vietcombank". */
  bank: string;
  /** When the bank booked it, RFC 3339, +07:00. */
  occurredAt: string;
  /** Where the money went. */
  direction: Direction;
  /** Money in, VND, 0 or more. */
  amountIn: number;
  /** Money out, VND, 0 or more. */
  amountOut: number;
  /** The balance after it as SePay reports it, VND; 0 from banks that report none. */
  balance: number;
  /** The transfer's text as the bank passed it on. Anyone can write anything here. */
  content: string;
  /** The payment code that SePay found in the text. */
  code: string | null;
  /** The bank's reference. Not unique. */
  reference: string | null;
}

/** Rows, newest first as far as callers have seen, and whether they are all there are. */
export interface List<T> {
  data: T[];
  /** false: SePay returned as many rows as the limit, so it may have cut. */
  complete: boolean;
}

/** An id: 1 to 20 digits as text, or a safe whole number, or a bigint. */
export type Id = string | number | bigint;

/** An amount in VND: a safe whole number, a bigint, or its digits as text. */
export type Amount = string | number | bigint;

/**
 * A time, to the second. Text is a date `2026-11-01`, a time in Vietnam `2026-11-01 08:30:00`, or RFC 3339 with an
 * offset. A bare date is its first second in a lower end and its last second in an upper one.
 */
export type Time = string | Date;

/** Which bank accounts to count: every field narrows. */
export interface AccountCountParams {
  /** The bank's short name, "Vietcombank". */
  bank?: string | undefined;
  /** The last transaction happened then or later. */
  lastTransactionFrom?: Time | undefined;
  /** The last transaction happened then or earlier. */
  lastTransactionTo?: Time | undefined;
  /** This id and larger ones. */
  sinceId?: Id | undefined;
  /** The least balance, VND. */
  balanceMin?: Amount | undefined;
  /** The largest balance, VND. */
  balanceMax?: Amount | undefined;
}

/** Which bank accounts to list, and how many at most. */
export interface AccountListParams extends AccountCountParams {
  /** Rows at most, 1 to 5000; SePay's default is 100. */
  limit?: number | undefined;
}

/** Which transactions to count: every field narrows. */
export interface TransactionCountParams {
  /** The account number, as text: a number would lose leading zeros. */
  account?: string | undefined;
  /** Booked then or later. */
  from?: Time | undefined;
  /** Booked then or earlier. */
  to?: Time | undefined;
  /** This id and larger ones. */
  sinceId?: Id | undefined;
  /** The bank's reference, exactly. */
  reference?: string | undefined;
  /** Money in, exactly, VND. */
  amountIn?: Amount | undefined;
  /** Money out, exactly, VND. */
  amountOut?: Amount | undefined;
}

/** Which transactions to list, and how many at most. */
export interface TransactionListParams extends TransactionCountParams {
  /** Rows at most, 1 to 5000; SePay's default is 5000. */
  limit?: number | undefined;
}

/** Which transactions to walk through. */
export interface TransactionIterateParams extends TransactionCountParams {
  /** The last id already seen: it and smaller ones are not yielded again. */
  sinceId?: Id | undefined;
  /** Rows per request, 1 to 5000; default 5000. Smaller ones need more requests, never fewer rows. */
  limit?: number | undefined;
}

/** What a VietQR code says. */
export interface VietQrParams {
  /** The bank's short name, "Vietcombank", its code, "VCB", or its BIN, "970436"; capitals do not matter. */
  bank: string;
  /** The account number, as text: 1 to 19 letters and digits. */
  account: string;
  /** How much, 1 to 9,999,999,999,999 VND. Without it whoever pays writes the amount. */
  amount?: Amount | undefined;
  /**
   * The transfer's text: 1 to 25 letters, digits, spaces and ASCII signs. Vietnamese letters lose their marks; nothing is
   * cut.
   */
  content?: string | undefined;
}

/** How long one call may take and how to end it. */
export interface CallOptions {
  /** Ends the call at once with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call: queue, tries and waits. More than 0; default the client's. */
  deadline?: number | undefined;
}

/** What a `fetch` is given. */
export interface FetchInit {
  method: "GET";
  headers: Record<string, string>;
  redirect: "manual";
  signal: AbortSignal;
}

/** The platform's `fetch`, or a function of its shape; called without `this`. Its answer need not be the platform's class. */
export type Fetch = (url: string, init: FetchInit) => PromiseLike<unknown>;

/** The options of `new SePay(…)`. */
export interface SePayOptions {
  /** SePay's API token, 1 to 512 visible ASCII characters; default the environment's `SEPAY_API_TOKEN`. */
  apiToken?: string | undefined;
  /** Where SePay is; default `https://my.sepay.vn`. */
  baseURL?: string | undefined;
  /** Milliseconds for one try, from its sending to the last byte; default 15 000. */
  timeout?: number | undefined;
  /** Milliseconds for one call: queue, tries and waits; default 300 000. */
  deadline?: number | undefined;
  /** Tries after the first, of network errors, timeouts, 429 and 5xx; default 2. */
  maxRetries?: number | undefined;
  /** SePay's rate limit, which this client never exceeds; default 2. */
  requestsPerSecond?: number | undefined;
  /** Default the platform's. */
  fetch?: Fetch | undefined;
  /** The `User-Agent` header; default `sepay-edge-client/<version> (<runtime>)`. */
  userAgent?: string | undefined;
  /**
   * Told of every request, response, retry and wait, while it happens; events hold no secret, no query and nothing of
   * an answer. What it throws, or rejects with, is ignored: watching calls must not change them.
   */
  onEvent?: ((event: SePayEvent) => void) | undefined;
  /** Lets the client be made in a browser, where everybody who looks can read the token. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** What a call asks. */
export type Kind =
  | "accounts.list"
  | "accounts.get"
  | "accounts.count"
  | "transactions.list"
  | "transactions.get"
  | "transactions.count";

interface CallEvent {
  /** The call's number within its client: the same in all its events. */
  call: number;
  /** What it asks. */
  kind: Kind;
  /** The try, 1 for the first. */
  attempt: number;
}

/** A try is sent. */
export interface RequestEvent extends CallEvent {
  type: "request";
  /** The URL's path, without its query. */
  path: string;
}

/** A try is over: with an answer, or without one (then there is no `status`, and `code` says why). */
export interface ResponseEvent extends CallEvent {
  type: "response";
  /** The URL's path, without its query. */
  path: string;
  /** HTTP status, when an answer came. */
  status?: number;
  /** Milliseconds since it was sent. */
  ms: number;
  /** The body's bytes, decompressed; 0 without an answer. */
  bytes: number;
  /** What was wrong with it, if anything was. */
  code?: ErrorCode;
}

/** A failed try will be followed by another. */
export interface RetryEvent extends CallEvent {
  type: "retry";
  /** What was wrong with the try before. */
  code: ErrorCode;
  /** Milliseconds until it may be sent, at the earliest. */
  afterMs: number;
}

/** A call cannot be sent at once; told once per call. */
export interface WaitEvent extends CallEvent {
  type: "wait";
  /** Milliseconds until the next request of this client may be sent, at the earliest. */
  afterMs: number;
  /** "pace": others were sent within the last second. "pause": SePay answered 429 and named a time. */
  reason: "pace" | "pause";
}

/** What `onEvent` is told. */
export type SePayEvent = RequestEvent | ResponseEvent | RetryEvent | WaitEvent;
