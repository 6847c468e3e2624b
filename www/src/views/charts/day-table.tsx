/**
 * The figures of the charts as a table, for everybody who would rather read them.
 */
import type { Day } from "../../days.ts";
import { money } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { longDay } from "./axis.ts";
import type { Daily } from "./daily.ts";
import { flowAt, spanText } from "./figures.ts";
import { dictionary } from "./words.ts";

/** Every day of the charts, the newest first, and the totals. Closed until somebody opens it. */
export function DayTable({ daily }: { daily: Daily }) {
  const w = inWords(dictionary);
  const { days, flows, balances } = daily;
  if (typeof flows === "string" && typeof balances === "string") return null;
  const caption = w.caption(spanText(days));
  return (
    <details class="chart-table">
      <summary>{w.table}</summary>
      {/* It scrolls in itself on a phone, with the keyboard too. */}
      <div class="chart-table-box" role="region" aria-label={caption} tabIndex={0}>
        <table>
          <caption class="visually-hidden">{caption}</caption>
          <Head daily={daily} />
          <tbody>
            {days.map((day, at) => <Row key={day} daily={daily} day={day} at={at} />).reverse()}
          </tbody>
          <Foot daily={daily} />
        </table>
      </div>
    </details>
  );
}

function Head({ daily: { flows, balances } }: { daily: Daily }) {
  const w = inWords(dictionary);
  const hasFlows = typeof flows !== "string";
  return (
    <thead>
      <tr>
        <th scope="col">{w.day}</th>
        {hasFlows && <th scope="col">{w.amountIn}</th>}
        {hasFlows && <th scope="col">{w.amountOut}</th>}
        {typeof balances !== "string" && <th scope="col">{w.balance}</th>}
      </tr>
    </thead>
  );
}

function Row({ daily, day, at }: { daily: Daily; day: Day; at: number }) {
  const flow = flowAt(daily, at);
  return (
    <tr>
      <th scope="row">
        <time dateTime={day}>{longDay(day)}</time>
      </th>
      {flow && <td class="money">{money(flow.amountIn)}</td>}
      {flow && <td class="money">{money(flow.amountOut)}</td>}
      {typeof daily.balances !== "string" && <td class="money">{money(daily.balances[at] ?? null)}</td>}
    </tr>
  );
}

function Foot({ daily: { total, balances } }: { daily: Daily }) {
  const w = inWords(dictionary);
  if (total === null) return null;
  return (
    <tfoot>
      <tr>
        <th scope="row">{w.total}</th>
        <td class="money">{money(total.amountIn)}</td>
        <td class="money">{money(total.amountOut)}</td>
        {typeof balances !== "string" && <td />}
      </tr>
    </tfoot>
  );
}
