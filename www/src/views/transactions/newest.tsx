/**
 * A few transactions as a plain table, for views that show the newest ones. It brings nothing of the transactions view along
 * but its cells.
 */
import type { Transaction } from "../../model.ts";
import { words } from "../../words.ts";
import { Cells, Head } from "./cells.tsx";

/** The rows, in the order given. */
export function NewestRows({ rows }: { rows: Transaction[] }) {
  return (
    <table class="rows" role="table" aria-label={words().views.transactions}>
      <Head />
      <tbody id="transaction-rows" role="rowgroup">
        {rows.map((row) => (
          <tr key={row.id} role="row" class={`is-${row.direction}`}>
            <Cells row={row} role="cell" isCovered />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
