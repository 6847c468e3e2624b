/** To come with the transactions view. */
import type { Transaction } from "../../model.ts";
import { dateTime, orHidden, signedAmount } from "../../format.ts";

export function NewestRows({ rows }: { rows: Transaction[] }) {
  return (
    <table>
      <tbody id="transaction-rows">
        {rows.map((row) => (
          <tr key={row.id}>
            <td class="when">{dateTime(row.occurredAt ?? "")}</td>
            <td class="content">{orHidden(row.content)}</td>
            <td class={`is-${row.direction}`}>{signedAmount(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
