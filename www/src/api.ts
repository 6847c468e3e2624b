/**
 * Asks the Worker, by the package's own client for browsers. One question in, one typed answer or one `SePayError` out. It
 * keeps nothing and never retries: who asks decides when to ask again.
 */
import { ask } from "../../src/js/npm/src/edge-call.ts";
import { SePayEdge } from "../../src/js/npm/src/edge.ts";
import type {
  AccountListParams,
  EdgeList,
  EdgeStatus,
  Fetch,
  TransactionListParams,
} from "../../src/js/npm/src/edge.ts";
import { readAccount, readRights, readTransaction } from "./model.ts";
import type { Account, Rights, RowReader, Transaction } from "./model.ts";

/* Longer than the Worker lets any caller wait (25 s), so that its own, better answer comes first. */
const TIMEOUT_MS = 30_000;

/** A list with its age in seconds: how long ago SePay was asked for it. */
export interface Answer<T> {
  rows: T[];
  complete: boolean;
  ageSecs: number;
  /** Why it is older than the Worker's rules want it; false: it is not. */
  stale: false | "busy" | "down";
}

/** How to stop asking, and the oldest answer that will do, in whole seconds (the Worker's own rules unless given). */
export interface Asking {
  signal: AbortSignal;
  maxAgeSecs?: number | undefined;
  /** What others ask comes first. Of transactions only. */
  isBackground?: boolean | undefined;
}

/** What a VietQR code is made for. */
export interface VietQrParams {
  /** SePay's short name of the bank, its code, or its six digits. */
  bank: string;
  account: string;
  /** Whole VND. */
  amount?: number | undefined;
  content?: string | undefined;
}

/** The questions of this page, with one key. Every one rejects with a `SePayError`. */
export interface Api {
  /** What the key may do. */
  rights(asking: Asking): Promise<Rights>;
  /** Bank accounts. */
  accounts(params: AccountListParams, asking: Asking): Promise<Answer<Account>>;
  /** Transactions, newest first. */
  transactions(params: TransactionListParams, asking: Asking): Promise<Answer<Transaction>>;
  /** The state of the gate. */
  status(asking: Asking): Promise<EdgeStatus>;
  /** The text of a VietQR code. SePay is not asked. */
  vietQr(params: VietQrParams, asking: Asking): Promise<string>;
}

/** Asks with this key. */
export function apiOf(key: string): Api {
  const limits = { timeout: TIMEOUT_MS, deadline: TIMEOUT_MS, maxRetries: 0 };
  const edge = new SePayEdge({ baseURL: "", key, fetch: bare, ...limits });
  const patientEdge = new SePayEdge({ baseURL: "", key, fetch: patient, ...limits });
  /* The Worker's routes that the package's client has no call for. */
  const get = async (path: string, field: string, kind: "string" | "object", { signal }: Asking): Promise<unknown> => {
    const fits = (value: unknown) => typeof value === kind && value !== null;
    const { body } = await ask({ url: path, key, root: [field, fits], fetch: bare, signal, ...limits });
    return body[field];
  };
  return {
    rights: async (asking) => readRights(await get("/api/tickets/self", "rights", "object", asking), "rights"),
    accounts: async (params, asking) => answerOf(await edge.bankAccounts.list(params, optionsOf(asking)), readAccount),
    transactions: async (params, asking) => {
      const { transactions } = asking.isBackground ? patientEdge : edge;
      return answerOf(await transactions.list(params, optionsOf(asking)), readTransaction);
    },
    status: (asking) => edge.status(optionsOf(asking)),
    vietQr: async (params, asking) => {
      const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== "");
      const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
      return (await get(`/api/vietqr?${query}`, "payload", "string", asking)) as string;
    },
  };
}

/* Nothing of the browser's own goes along: the key says who asks. */
const bare: Fetch = (url, init) => fetch(url, { ...init, credentials: "omit" });

/* The Worker's lane for what nobody waits for (RFC 9218: urgencies from 5 on are the background's). */
const patient: Fetch = (url, init) => bare(url, { ...init, headers: { ...init?.headers, Priority: "u=5" } });

function optionsOf({ signal, maxAgeSecs }: Asking) {
  return { signal, maxAge: maxAgeSecs };
}

function answerOf<T>({ data, complete, age, stale }: EdgeList<unknown>, readRow: RowReader<T>): Answer<T> {
  return { rows: data.map((row, index) => readRow(row, `data[${index}]`)), complete, ageSecs: age ?? 0, stale };
}
