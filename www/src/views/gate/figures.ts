/**
 * How the gate's figures read. Numbers in, text out, in the language chosen.
 */
import { NONE } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import type { Lang } from "../../i18n.ts";

interface Formats {
  whole: Intl.NumberFormat;
  tenths: Intl.NumberFormat;
  percent: Intl.NumberFormat;
}

const formats: Record<Lang, Formats> = { vi: formatsOf("vi-VN"), en: formatsOf("en-GB") };

/** Milliseconds as "12 ms", "1.2 s" or "34 s". */
export function span(ms: number): string {
  if (ms < 999.5) return `${inWords(formats).whole.format(ms)}\u00a0ms`;
  return `${secs(ms)}\u00a0s`;
}

/** Milliseconds as seconds, to the tenth below ten. */
export function secs(ms: number): string {
  const { whole, tenths } = inWords(formats);
  return ms < 9950 ? tenths.format(ms / 1000) : whole.format(ms / 1000);
}

/** A count per second. */
export function rate(perSec: number | null): string {
  if (perSec === null) return NONE;
  const { whole, tenths } = inWords(formats);
  return perSec < 9.95 ? tenths.format(perSec) : whole.format(perSec);
}

/** A share from 0 to 1. */
export function share(part: number | null): string {
  return part === null ? NONE : inWords(formats).percent.format(part);
}

/** Bytes as kB or MB. */
export function size(bytes: number): string {
  const { tenths } = inWords(formats);
  return bytes < 1e6 ? `${tenths.format(bytes / 1e3)}\u00a0kB` : `${tenths.format(bytes / 1e6)}\u00a0MB`;
}

function formatsOf(locale: string): Formats {
  return {
    whole: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
    tenths: new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    percent: new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }),
  };
}
