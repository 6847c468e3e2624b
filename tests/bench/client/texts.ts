/** The answers that `client-rows` reads: the sandbox's 5,000 newest transactions, and variants of their text. */

import { startSandbox } from "../../sandbox/server.ts";

/** What the answers are called. */
export const TEXTS = ["sandbox", "ascii", "vietnamese", "escaped"] as const;

/** One of them. */
export type TextName = (typeof TEXTS)[number];

const MEMOS = ["Nguyễn Thị Hồng chuyển tiền mua hàng đơn DH", "Trần Văn Được thanh toán hoá đơn tháng mười một, đơn DH", "khách lẻ trả góp kỳ 3 – cảm ơn shop, đơn DH"];

/** The answers' bytes as SePay writes them: JSON with every number a string. */
export async function texts(): Promise<Readonly<Record<TextName, Uint8Array>>> {
  const sandbox = await answerOfSandbox();
  const list = JSON.parse(sandbox) as { transactions: Record<string, string | null>[] };
  list.transactions.forEach((row, index) => (row["transaction_content"] = `${MEMOS[index % MEMOS.length]}${100_000 + index}`));
  const vietnamese = JSON.stringify(list);
  const all = { sandbox, ascii: sandbox.replace(/[^\x20-\x7e]/g, "?"), vietnamese, escaped: escaped(vietnamese) };
  const encoder = new TextEncoder();
  return Object.fromEntries(TEXTS.map((name) => [name, encoder.encode(all[name])])) as Record<TextName, Uint8Array>;
}

async function answerOfSandbox(): Promise<string> {
  const sandbox = await startSandbox();
  try {
    const answer = await fetch(`${sandbox.url}/userapi/transactions/list?limit=5000`, { headers: { Authorization: `Bearer ${sandbox.token}` } });
    return await answer.text();
  } finally {
    await sandbox.close();
  }
}

/** As PHP's `json_encode` writes it when it is told nothing else. */
function escaped(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).replaceAll("/", "\\/");
}
