/**
 * Values as an address carries them. Pure. What makes no sense is no value: an address may have been typed, cut or made up.
 */
import { isDay } from "./days.ts";
import type { Day } from "./days.ts";

/** Reads whole VND, up to 2^53 - 1. */
export function readAmount(text = ""): number | null {
  if (!/^\d{1,16}$/.test(text)) return null;
  const amount = Number(text);
  return Number.isSafeInteger(amount) ? amount : null;
}

/** Reads a day. */
export function readDay(text = ""): Day | null {
  return isDay(text) ? text : null;
}

/** Both ends of what is between them, the lower one first, however they were given; null: no end on that side. */
export function inOrder<T extends number | string>(one: T | null, other: T | null): [low: T | null, high: T | null] {
  return one !== null && other !== null && one > other ? [other, one] : [one, other];
}
