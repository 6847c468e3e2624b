/**
 * How a transaction reads as a row of a table. The roles are written out: rows are laid out as grids, which takes the meaning
 * of table elements away in some browsers.
 */
import { covered, dateTime, directionWord, orHidden, signedAmount } from "../../format.ts";
import type { Transaction } from "../../model.ts";
import { words } from "../../words.ts";

/** How many columns there are. */
export const COLUMN_COUNT = 6;

/** The head of the table. */
export function Head() {
  const { field } = words();
  const columns = { when: field.when, account: field.account, content: field.content, code: field.code, reference: field.reference, amount: field.amount };
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        {Object.entries(columns).map(([name, text]) => (
          <th key={name} role="columnheader" scope="col" class={name}>
            {text}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface CellsProps {
  row: Transaction;
  role: "cell" | "gridcell";
  /** Whether of the account number only the end is shown. */
  isCovered?: boolean;
}

/** The cells of a row. What is too long for its place is cut by the style sheet only. */
export function Cells({ row, role, isCovered = false }: CellsProps) {
  const { occurredAt, bank, accountNumber, subAccount, content, code, reference } = row;
  return (
    <>
      <td role={role} class="when">
        {occurredAt === null ? orHidden(null) : <time dateTime={occurredAt}>{dateTime(occurredAt)}</time>}
      </td>
      <td role={role} class="account">
        <span class="bank">
          {orHidden(bank)}
          {subAccount !== null && ` · VA ${subAccount}`}
        </span>{" "}
        <span class="number">{isCovered && accountNumber !== null ? covered(accountNumber) : orHidden(accountNumber)}</span>
      </td>
      <td role={role} class="content">
        <span class="value">{orHidden(content)}</span>
      </td>
      <td role={role} class="code">
        {code}
      </td>
      <td role={role} class="reference">
        {reference}
      </td>
      <td role={role} class="amount">
        <span class="money">{signedAmount(row)}</span> <span class="word">{directionWord(row.direction)}</span>
      </td>
    </>
  );
}
