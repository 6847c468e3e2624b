// `npm run lighthouse`: Lighthouse over the page, in the system's Chromium, in front of the real Worker and the sandbox. Each
// view is loaded from cold as a phone and as a desktop. Ends badly below 95 in any category.
//
//   npm run lighthouse                        every view
//   npm run lighthouse -- sign-in accounts    these only
//   npm run lighthouse -- --rounds=5          each so often; the one in the middle by performance counts
//
// Chromium, the Worker and the sandbox share the machine: close what else is running. The reports are left in target/lighthouse.

import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";

import { noChromium } from "../tests/browser/chromium.ts";
import { CATEGORIES, DEVICES, judge } from "../tests/browser/lighthouse.ts";
import type { Device, Verdict } from "../tests/browser/lighthouse.ts";
import { ALL_SCOPES, keyEntry, startSite } from "../tests/worker/site.ts";
import { VIEWS } from "../www/src/address.ts";
import { build } from "./build.ts";
import { say, stop } from "./say.ts";
import { ROOT } from "./tools.ts";

/** The least that is good, in every category. */
const LEAST_SCORE = 95;

/** What can be judged: the page to somebody without a key, and each view to somebody with one. */
const PAGES = ["sign-in", ...VIEWS] as const;

type PageName = (typeof PAGES)[number];

const KEY = "edge_test_key_that_lighthouse_signs_in_with";
const REPORTS = join(ROOT, "target/lighthouse");

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: "string", default: "1" } } });
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1) stop("--rounds should be a whole number from 1.");
  const unknown = positionals.find((name) => !(PAGES as readonly string[]).includes(name));
  if (unknown !== undefined) stop(`there is no view '${unknown}'; there are ${PAGES.join(", ")}.`);
  if (noChromium !== false) stop(`${noChromium}.`);
  await build();
  mkdirSync(REPORTS, { recursive: true });
  const names = PAGES.filter((name) => positionals.length === 0 || positionals.includes(name));
  const rows: Record<string, Row> = {};
  const faults: string[] = [];
  for (const name of names) {
    for (const device of DEVICES) {
      say(`${name} as a ${device} …`);
      const verdict = await middle(rounds, () => judged(name, device));
      const title = `${name}, ${device}`;
      rows[title] = rowOf(verdict);
      faults.push(...verdict.faults.map((fault) => `${title}: ${fault}`));
      writeFileSync(join(REPORTS, `${name}-${device}.html`), verdict.report);
    }
  }
  console.table(rows);
  for (const fault of faults) console.log(fault);
  say(`the reports are in ${relative(ROOT, REPORTS)}.`);
  const low = Object.entries(rows).filter(([, row]) => CATEGORIES.some((category) => (row[category] ?? 0) < LEAST_SCORE));
  if (low.length > 0) stop(`below ${LEAST_SCORE}: ${low.map(([title]) => title).join("; ")}.`);
}

/** A site of its own for each, which has answered nobody, at the pace of a real SePay. */
async function judged(name: PageName, device: Device): Promise<Verdict> {
  const site = await startSite({
    bindings: { SEPAY_REQUESTS_PER_SECOND: "2" },
    sandbox: { requestsPerSecond: 2 },
    keys: [keyEntry(KEY, { id: "lighthouse", scopes: ALL_SCOPES })],
  });
  const page = name === "sign-in" ? { url: `${site.url}/`, key: null } : { url: `${site.url}/#/${name}`, key: KEY };
  return judge({ ...page, device }).finally(() => site.close());
}

async function middle(rounds: number, judge: () => Promise<Verdict>): Promise<Verdict> {
  const verdicts = [await judge()];
  while (verdicts.length < rounds) verdicts.push(await judge());
  const sorted = verdicts.toSorted((left, right) => (left.scores.performance ?? 0) - (right.scores.performance ?? 0));
  return sorted[Math.floor((rounds - 1) / 2)] ?? judge();
}

type Row = Readonly<Record<string, number | null>>;

function rowOf({ scores, times, machine }: Verdict): Row {
  return {
    ...scores,
    "first paint ms": Math.round(times.firstPaintMs),
    "largest paint ms": Math.round(times.largestPaintMs),
    "speed index ms": Math.round(times.speedIndexMs),
    "blocked ms": Math.round(times.blockedMs),
    "layout shift": Number(times.layoutShift.toFixed(3)),
    machine,
  };
}

if (import.meta.main) await main();
