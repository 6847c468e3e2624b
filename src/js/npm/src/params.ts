/**
 * Turns a call's parameters into names and texts for the core. Decides only which JavaScript types can stand for a
 * text without loss; what a text may be is the core's to say.
 */
import { asking, checkNames } from "./core.ts";
import { invalid } from "./errors.ts";
import { kindOf, readObject } from "./given.ts";
import type { Kind } from "./types.ts";

/** Parameters as the core takes them: the n-th value is of the n-th name. */
export interface Question {
  names: string[];
  values: string[];
}

const TIMES = ["from", "to", "lastTransactionFrom", "lastTransactionTo"];
const TEXTS = ["account", "bank", "content", "reference"];

/** Reads a parameter object; throws `InvalidParameterError`. A value that is undefined counts as not given. */
export function readParams(kind: Kind, given: unknown): Question {
  const params = readObject("params", given);
  const all = [...params.keys()];
  const stray = all.find((name) => name === "signal" || name === "deadline");
  if (stray !== undefined) throw invalid(stray, "unknown parameter; it belongs into the second argument");
  asking(() => checkNames(kind, all));
  const names = all.filter((name) => params.get(name) !== undefined);
  return { names, values: names.map((name) => toText(name, params.get(name))) };
}

/** Reads the id of `get`; throws `InvalidParameterError`. */
export function readId(given: unknown): Question {
  if (given === undefined) throw invalid("id", "expected an id, found undefined");
  return { names: ["id"], values: [toText("id", given)] };
}

/** Reads the value of a parameter as text; throws `InvalidParameterError`. */
export function toText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (TIMES.includes(name)) return dateText(name, value);
  if (TEXTS.includes(name)) {
    // 0071000888888 would arrive as 71000888888.
    const why = typeof value === "number" ? ": a number loses its leading zeros" : "";
    throw invalid(name, `expected text, found ${kindOf(value)}${why}`);
  }
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return String(value);
  const hint = value === null ? "; leave it out to mean none" : "";
  throw invalid(name, `expected a whole number, a bigint or digits, found ${kindOf(value)}${hint}`);
}

/** A Date of any realm: known by what it holds, not by its class. */
function dateText(name: string, value: unknown): string {
  try {
    return Date.prototype.toISOString.call(value);
  } catch (cause) {
    const found = cause instanceof RangeError ? "an invalid Date" : kindOf(value);
    throw invalid(name, `expected a Date, or text such as 2026-11-01; found ${found}`);
  }
}
