/**
 * Walks through transactions: each once, ascending by id, none lost. The core's `Walk` says what to ask and what may
 * be yielded; this asks, and keeps the rows until then.
 */
import { Walk, asking } from "./core.ts";
import type { Driver } from "./driver.ts";
import { abortedBy } from "./errors.ts";
import type { CallSettings } from "./options.ts";
import type { Question } from "./params.ts";
import { countOf, transactionsOf } from "./rows.ts";
import type { Transaction } from "./types.ts";

/** Begins a walk. Throws at once when a parameter is wrong; asks nothing before the first row is wanted. */
export function iterate(driver: Driver, question: Question, options: CallSettings): AsyncGenerator<Transaction, void, undefined> {
  // A generator that is never begun never ends either: its Walk would stay in the wasm's memory.
  asking(() => new Walk(question.names, question.values)).free();
  return walk(driver, question, options);
}

async function* walk(driver: Driver, question: Question, options: CallSettings): AsyncGenerator<Transaction, void, undefined> {
  const rows = new Map<string, Transaction>();
  const rules = asking(() => new Walk(question.names, question.values));
  try {
    for (;;) {
      const step = asking(() => rules.next());
      if (step.done) return;
      if (step.ids !== undefined) yield* inOrder(step.ids, rows, options.signal);
      else await answer(driver, rules, step, rows, options);
    }
  } finally {
    rules.free();
  }
}

/** Asks what the walk wants to know, and tells it. */
async function answer(
  driver: Driver,
  rules: Walk,
  { ask = "transactions.list", names = [], values = [] }: ReturnType<Walk["next"]>,
  rows: Map<string, Transaction>,
  options: CallSettings,
): Promise<void> {
  const found = await driver.ask(ask, { names, values }, options);
  if (ask === "transactions.count") return asking(() => rules.counted(countOf(found)));
  const { data } = transactionsOf(found);
  for (const row of data) rows.set(keyOf(row.id), row);
  asking(() => rules.listed(data.map((row) => row.id).join(), data.map((row) => row.occurredAt).join()));
}

/** What is left afterwards belongs to the next pass, which reads it again. */
function* inOrder(ids: string, rows: Map<string, Transaction>, signal: AbortSignal | undefined): Generator<Transaction> {
  const kept = ids.split(",").flatMap((id) => rows.get(keyOf(id)) ?? []);
  rows.clear();
  for (const row of kept) {
    if (signal?.aborted) throw abortedBy(signal);
    yield row;
  }
}

/** The id without leading zeros: the walk counts, and 007 is 7. */
function keyOf(id: string): string {
  return id.startsWith("0") ? id.replace(/^0+(?=.)/, "") : id;
}
