/**
 * What may be said of an order now: its verdict, unless that hangs on transactions that were not searched yet. Pure.
 */
import type { State } from "./judge.ts";
import type { Rights } from "../../model.ts";

/* How long a shop may say "not paid" where the last payments cannot be asked for. */
const OUTDATED_MS = 30_000;
/* Where they can: a tab that nobody sees may ask once a minute only, and a machine that slept has not asked. */
const UNHEARD_MS = 150_000;

/** A verdict, or why there is none yet: still looking, or the search failed. */
export type Standing = State | "searching" | "unknown";

/** How far the search for an order is. */
export interface Search {
  /** Whether no transaction between the first one searched and now is missing. */
  isWhole: boolean;
  /** Whether the last question failed. */
  hasFailed: boolean;
  /** Whether nothing of the last while is known: a payment may have come. */
  isOutdated: boolean;
  /** Whether the key may see nothing by which a payment could be the order's. */
  isBlind: boolean;
}

/** Says how an order stands. Money that was found stays found, but "nothing" and "a part" may only be said after the search. */
export function standingOf(state: State, { isWhole, hasFailed, isOutdated, isBlind }: Search): Standing {
  if (state === "none" && isBlind) return "unseen";
  if (state !== "none" && state !== "part") return state;
  if (!isWhole) return hasFailed ? "unknown" : "searching";
  return isOutdated ? "unknown" : state;
}

/**
 * Whether what is known is too old for "not paid". `ageMs`: since SePay was asked for what is newest. `isFollowing`: nothing is
 * known to be wrong.
 */
export function isTooOld(ageMs: number, isFollowing: boolean): boolean {
  return ageMs > (isFollowing ? UNHEARD_MS : OUTDATED_MS);
}

/** Whether a key sees neither the texts of payments nor the codes that SePay found in them. Rights of null are not known. */
export function isBlind(rights: Rights | null): boolean {
  return rights !== null && ["content", "code"].every((name) => rights.hide.includes(name));
}

/** What was searched: everything, as much of it as the key may see, or the newest; of one account, or of all. */
export type Reach = "all" | "allOfAccount" | "allSeen" | "allSeenOfAccount" | "newest" | "newestOfAccount";

/** What a search covered. `isAll`: of what was asked for, nothing was left out. Rights of null are not known. */
export function reachOf(isAll: boolean, isOneAccount: boolean, rights: Rights | null): Reach {
  if (!isAll) return isOneAccount ? "newestOfAccount" : "newest";
  // A key that is limited to accounts sees the whole of each.
  const isLimited = rights === null || isNarrow(rights) || (!isOneAccount && rights.accounts !== null);
  if (isOneAccount) return isLimited ? "allSeenOfAccount" : "allOfAccount";
  return isLimited ? "allSeen" : "all";
}

/* To the last days, or to one order's code. */
function isNarrow({ fromDays, code }: Rights): boolean {
  return fromDays !== null || code !== null;
}
