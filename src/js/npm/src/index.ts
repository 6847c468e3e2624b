/** `@sepay-edge/client`: the SePay API for server-side JavaScript. Only what is named here is public. */
export {
  AbortError,
  AuthenticationError,
  ConnectionError,
  InvalidParameterError,
  NotFoundError,
  RateLimitError,
  SePayError,
  TimeoutError,
  TruncatedError,
  UnreadableError,
} from "./errors.ts";
export type { ErrorCode, SePayErrorCode } from "./errors.ts";
export { SePay } from "./sepay.ts";
export type { BankAccounts, Transactions } from "./sepay.ts";
export type {
  AccountCountParams,
  AccountListParams,
  Amount,
  BankAccount,
  CallOptions,
  Direction,
  Fetch,
  FetchInit,
  Id,
  Kind,
  List,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  SePayEvent,
  SePayOptions,
  Time,
  Transaction,
  TransactionCountParams,
  TransactionIterateParams,
  TransactionListParams,
  VietQrParams,
  WaitEvent,
} from "./types.ts";
export { VERSION } from "./version.ts";
export { vietQr } from "./vietqr.ts";
