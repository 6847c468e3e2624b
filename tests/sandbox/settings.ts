/**
 * The switches of the sandbox: what SePay's documents contradict each other on, or leave open.
 * The defaults follow the bank account page, which is the most detailed one.
 */
import { Reader } from "./reader.ts";

/** What can be changed while the sandbox runs, and given when it starts. */
export interface Settings {
  /** Requests allowed in any sliding second, 1..1,000,000. Bank account page: 2; quick start: 3. */
  requestsPerSecond: number;
  /** Whose requests are counted together. Quick start: per token; v2 pages: per IP address. */
  limitBy: "token" | "ip";
  /** Bank account page: HTTP 401; upgrade guide: HTTP 200 with an empty body. */
  authFailure: "401" | "empty200";
  /** Bank account page: HTTP 404; upgrade guide: always HTTP 200, the status is in the body. */
  notFound: "404" | "status-in-200";
  /** Bank account page: strings; quick start: JSON numbers. */
  numbers: "string" | "number";
  /** Bank account page: `last_transaction`; quick start: `last_transaction_date`. */
  lastTransactionField: "last_transaction" | "last_transaction_date";
  /** By id. No page states it; callers read index 0 as the newest. A limit keeps the rows that come first. */
  order: "newest-first" | "oldest-first";
  /**
   * What a bare `YYYY-MM-DD` means in a `_max` filter: 00:00:00 or 23:59:59 of that day. No page states it.
   */
  bareDateMax: "start-of-day" | "whole-day";
  /** The header of a 429 which names the seconds to wait. All v1 pages: `x-sepay-userapi-retry-after`. */
  retryAfterHeader: "x-sepay-userapi-retry-after" | "retry-after";
  /**
   * The most accounts one list returns whatever its `limit`, 1..1,000,000; null: no maximum, none is
   * documented.
   */
  accountsLimitMax: number | null;
}

/** The settings of a sandbox that was given none. */
export const DEFAULT_SETTINGS: Readonly<Settings> = {
  requestsPerSecond: 2,
  limitBy: "token",
  authFailure: "401",
  notFound: "404",
  numbers: "string",
  lastTransactionField: "last_transaction",
  order: "newest-first",
  bareDateMax: "start-of-day",
  retryAfterHeader: "x-sepay-userapi-retry-after",
  accountsLimitMax: null,
};

/**
 * Applies a change to settings and returns the new ones; all of the change or nothing of it.
 *
 * Throws `InputError`, which names every unknown or wrongly typed setting.
 */
export function changedSettings(current: Readonly<Settings>, change: unknown): Settings {
  const reader = new Reader(change);
  const settings: Settings = {
    requestsPerSecond: reader.integer("requestsPerSecond", 1, 1_000_000, current.requestsPerSecond),
    limitBy: reader.choice("limitBy", ["token", "ip"], current.limitBy),
    authFailure: reader.choice("authFailure", ["401", "empty200"], current.authFailure),
    notFound: reader.choice("notFound", ["404", "status-in-200"], current.notFound),
    numbers: reader.choice("numbers", ["string", "number"], current.numbers),
    lastTransactionField: reader.choice(
      "lastTransactionField",
      ["last_transaction", "last_transaction_date"],
      current.lastTransactionField,
    ),
    order: reader.choice("order", ["newest-first", "oldest-first"], current.order),
    bareDateMax: reader.choice("bareDateMax", ["start-of-day", "whole-day"], current.bareDateMax),
    retryAfterHeader: reader.choice(
      "retryAfterHeader",
      ["x-sepay-userapi-retry-after", "retry-after"],
      current.retryAfterHeader,
    ),
    accountsLimitMax: reader.isNull("accountsLimitMax")
      ? null
      : reader.integer("accountsLimitMax", 1, 1_000_000, current.accountsLimitMax),
  };
  reader.finish();
  return settings;
}
