/**
 * The payments of an order: those counted, and those that a person has to decide on. The texts are strangers'.
 */
import { HIDDEN, covered, dateTime, signedAmount } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import type { Transaction } from "../../model.ts";
import type { Doubt, Verdict } from "./judge.ts";
import { dictionary } from "./words.ts";

/** What was counted. */
export function Counted({ rows }: { rows: readonly Transaction[] }) {
  const w = inWords(dictionary);
  if (rows.length === 0) return null;
  return (
    <section class="section" aria-labelledby="counted-title">
      <h2 id="counted-title">{w.found}</h2>
      <ul class="panel payments" id="counted">
        {rows.map((row) => (
          <li key={row.id} class="payment">
            <Payment row={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DoubtfulProps {
  doubtful: Verdict["doubtful"];
  accepted: ReadonlySet<string>;
  onToggle(id: string): void;
}

/** What may be the order's, why that is not certain, and a button for the person who knows. */
export function Doubtful({ doubtful, accepted, onToggle }: DoubtfulProps) {
  const w = inWords(dictionary);
  if (doubtful.length === 0) return null;
  return (
    <section class="section" aria-labelledby="doubtful-title">
      <h2 id="doubtful-title">{w.doubtful}</h2>
      <p class="soft">{w.doubtfulHint}</p>
      <ul class="panel payments" id="doubtful">
        {doubtful.map(({ row, why }) => (
          <li key={row.id} class="payment">
            <Payment row={row} />
            <p class="payment-why">{accepted.has(row.id) ? decision(why) : reason(why, row)}</p>
            <button type="button" class="button" aria-describedby={`payment-${row.id}`} onClick={() => onToggle(row.id)}>
              {action(why, accepted.has(row.id))}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/* What the page takes for money paid back is so until a person says no; all else is not counted until a person says yes. */
function action(why: Doubt, isDecided: boolean): string {
  const w = inWords(dictionary);
  if (why === "paidBack") return isDecided ? w.isBack : w.notBack;
  return isDecided ? w.uncount : w.count;
}

function decision(why: Doubt): string {
  const w = inWords(dictionary);
  return why === "paidBack" ? w.dismissed : w.counted;
}

function reason(why: Doubt, row: Transaction): string {
  const w = inWords(dictionary);
  return why === "otherCode" ? w.why.otherCode(row.code ?? "") : w.why[why];
}

function Payment({ row }: { row: Transaction }) {
  return (
    <div class="payment-row" id={`payment-${row.id}`}>
      <p class={`payment-amount money ${row.direction === "in" ? "is-in" : ""}`}>{signedAmount(row)}</p>
      <p class="payment-text">{row.content ?? HIDDEN}</p>
      <p class="soft payment-when">
        <time dateTime={row.occurredAt ?? undefined}>{row.occurredAt === null ? HIDDEN : dateTime(row.occurredAt)}</time>
        {row.bank !== null && ` · ${row.bank}`}
        {row.accountNumber !== null && <span class="payment-number"> · {covered(row.accountNumber)}</span>}
      </p>
    </div>
  );
}
