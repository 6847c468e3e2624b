/** SePay's list of transactions in our model: money as whole numbers, times with their zone, "" as null. */

type Row = Readonly<Record<string, string | number | null | undefined>>;

/** SePay's default where a list has no limit. */
const MOST_ROWS = 5_000;

/** The body of our answer. Throws when SePay's cannot be read. */
export function listBody(sepays: string, target: string): string {
  const { transactions } = JSON.parse(sepays) as { transactions?: Row[] };
  if (!Array.isArray(transactions)) throw new Error("no list of transactions");
  const limit = Number(new URLSearchParams(target.split("?")[1]).get("limit") ?? MOST_ROWS);
  const data = transactions.map(transaction).sort(newestFirst);
  return JSON.stringify({ data, complete: data.length < limit });
}

function transaction(row: Row) {
  const amountIn = vnd(row["amount_in"]);
  const amountOut = vnd(row["amount_out"]);
  return {
    id: String(row["id"]),
    accountId: String(row["bank_account_id"]),
    accountNumber: String(row["account_number"]),
    subAccount: textOrNull(row["sub_account"]),
    bank: String(row["bank_brand_name"]),
    occurredAt: `${String(row["transaction_date"]).replace(" ", "T")}+07:00`,
    direction: amountIn > 0 === amountOut > 0 ? "unknown" : amountIn > 0 ? "in" : "out",
    amountIn,
    amountOut,
    balance: vnd(row["accumulated"]),
    content: String(row["transaction_content"] ?? ""),
    code: textOrNull(row["code"]),
    reference: textOrNull(row["reference_number"]),
  };
}

type Transaction = ReturnType<typeof transaction>;

function newestFirst(left: Transaction, right: Transaction): number {
  if (left.occurredAt !== right.occurredAt) return left.occurredAt < right.occurredAt ? 1 : -1;
  return Number(right.id) - Number(left.id);
}

function vnd(value: Row[string]): number {
  const number = Number(value ?? 0);
  if (!/^-?\d+(\.0+)?$/.test(String(value ?? 0)) || !Number.isSafeInteger(number)) throw new Error("an amount that is no whole number");
  return number;
}

function textOrNull(value: Row[string]): string | null {
  return value === null || value === undefined || value === "" ? null : String(value);
}
