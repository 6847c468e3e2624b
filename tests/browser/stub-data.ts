/**
 * Invented accounts and transactions, chosen to hold every case the page has words for.
 */

/** Three accounts: one ordinary, one of a bank that reports no balance, one that is not active. */
export const accounts = [
  {
    id: "18",
    bank: "Vietcombank",
    bankName: "Ngân hàng TMCP Ngoại Thương Việt Nam",
    bankBin: "970436",
    accountNumber: "0071000888888",
    holder: "NGUYEN VAN A",
    label: "Cửa hàng",
    balance: 2525493,
    active: true,
    lastTransactionAt: "2025-11-20T14:05:09+07:00",
  },
  {
    id: "19",
    bank: "Techcombank",
    bankName: "Ngân hàng TMCP Kỹ thương Việt Nam",
    bankBin: "970407",
    accountNumber: "19036000111222",
    holder: "CONG TY TNHH HOA SEN",
    label: null,
    balance: 0,
    active: true,
    lastTransactionAt: "2025-11-19T00:00:00+07:00",
  },
  {
    id: "20",
    bank: "MBBank",
    bankName: "Ngân hàng TMCP Quân đội",
    bankBin: "970422",
    accountNumber: "0359123456",
    holder: "TRAN THI B",
    label: null,
    balance: 987654321,
    active: false,
    lastTransactionAt: null,
  },
];

/** What a payer might write to run a script in the page. */
export const HOSTILE = `<script>document.title="owned"</script><img src=x onerror="document.title='owned'">`;

/** A transaction as the Worker writes it. */
export type StubRow = ReturnType<typeof row>;

/** 62 rows, newest first: 58 of the first account, 4 of the second. */
export const transactions: readonly StubRow[] = [
  incoming(5001, "0071000888888", "2025-11-20T14:05:09+07:00", 150000, "NGUYEN VAN C ck DH001", "DH001"),
  incoming(5000, "0071000888888", "2025-11-20T13:59:00+07:00", 2000, HOSTILE, null),
  {
    ...row(4999, "0071000888888", "2025-11-20T11:20:30+07:00", "Rut tien mua hang"),
    direction: "out",
    amountOut: 12345678,
  },
  incoming(4998, "0071000888888", "2025-11-20T09:00:00+07:00", 99000, "X".repeat(180), "DHRATDAI0123456789"),
  ...Array.from({ length: 54 }, (_, index) =>
    incoming(
      4900 - index,
      "0071000888888",
      `2025-11-19T12:${String(59 - index).padStart(2, "0")}:00+07:00`,
      50000 + index * 1000,
      `MBVCB.${8800100 + index}.DH${900 - index}.CT tu 0123456789 LE VAN D toi 0071000888888 tai Vietcombank`,
      `DH${900 - index}`,
    ),
  ),
  { ...row(4002, "19036000111222", "2025-11-19T00:00:00+07:00", "Phi"), direction: "unknown" },
  incoming(4001, "19036000111222", "2025-11-18T23:59:59+07:00", 1250000, "Thanh toan hoa don", "HD77"),
  {
    ...row(4000, "19036000111222", "2025-11-18T08:00:00+07:00", "Hoan tien"),
    direction: "out",
    amountOut: 30000,
  },
  {
    ...incoming(3999, "19036000111222", "2025-11-18T07:00:00+07:00", 70000, "Qua tai khoan ao", "HD76"),
    subAccount: "VA000123",
  },
];

/** A row of money that came in. */
export function incoming(
  id: number,
  accountNumber: string,
  occurredAt: string,
  amountIn: number,
  content: string,
  code: string | null,
): StubRow {
  return { ...row(id, accountNumber, occurredAt, content), direction: "in", amountIn, code };
}

function row(id: number, accountNumber: string, occurredAt: string, content: string) {
  return {
    id: String(id),
    accountId: accountNumber === "0071000888888" ? "18" : "19",
    accountNumber,
    subAccount: null as string | null,
    bank: accountNumber === "0071000888888" ? "Vietcombank" : "Techcombank",
    occurredAt,
    direction: "unknown",
    amountIn: 0,
    amountOut: 0,
    balance: 0,
    content,
    code: null as string | null,
    reference: id % 2 === 0 ? null : `FT25324${id}`,
  };
}
