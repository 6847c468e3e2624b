/**
 * The texts of the seeded transactions: memos as banks and wallets deliver them, and a few rows made by hand
 * that a careless reader of money or text gets wrong. People, companies and numbers are invented.
 */
import type { Random } from "./random.ts";

/** A memo and the payment code SePay would find in it. */
export interface Memo {
  readonly content: string;
  readonly code: string | null;
}

/** A row made by hand: what it overrides. `accountId` is that of the seeded accounts. */
export interface SpecialRow {
  readonly accountId: number;
  readonly content: string;
  readonly amountIn?: number;
  readonly amountOut?: number;
  readonly code?: string;
  readonly reference?: string;
  readonly subAccount?: string;
}

const PAYERS = ["TRAN THI HOA", "LE VAN NAM", "PHAM MINH TUAN", "VO THI LAN", "DANG QUOC BAO", "BUI THU HA"];

const FREE_TEXTS = [
  "chuyen tien",
  "Thanh toan tien hang thang nay",
  "Nguyễn Thị Bích chuyển tiền mua hàng",
  "Đặt cọc đơn hàng, giao trước 17h",
  "tra no an trua nhe ban oi",
  "CT DEN:612345678901 NGUYEN THI E chuyen khoan",
  "Lương tháng 10 – cảm ơn cả nhà",
];

const OUT_TEXTS = [
  "Thanh toan tien dien",
  "Phi duy tri SMS",
  "Chi luong nhan vien",
  "Hoàn tiền đơn hàng",
  "Nop thue GTGT",
];

/**
 * A memo of an incoming transfer. Six in ten carry a code; banks drop punctuation and wallets add their own.
 */
export function incomingMemo(random: Random, bankShortName: string): Memo {
  if (!random.chance(0.6)) return { content: random.pick(FREE_TEXTS), code: null };
  const code = `DH${String(random.integer(1, 9999)).padStart(6, "0")}`;
  const number = random.integer(100_000_000_000, 999_999_999_999);
  const payer = random.pick(PAYERS);
  // VietinBank personal accounts must carry SEVQR in the memo, or SePay never sees the transfer.
  const prefix = bankShortName === "VietinBank" ? "SEVQR " : "";
  const styles = [
    `${prefix}${code}`,
    `${prefix}${code} thanh toan`,
    `chuyen tien mua hang ${prefix}${code}`,
    `${number}-${prefix}Thanh toan ${code}-CHUYEN TIEN-OQCH0006Hkqg-MOMO${number}MOMO`,
    `MBVCB.${number}.${prefix}${code}.CT tu 0451000${number % 1_000_000} ${payer} toi 0071000888888`,
    `${prefix}${code}Thanh toan don hang ${payer}`,
    `IBFT ${payer} chuyen khoan ${prefix}${code}`,
  ];
  return { content: random.pick(styles), code };
}

/** A memo of an outgoing transfer; it never carries a code. */
export function outgoingMemo(random: Random): Memo {
  return { content: `${random.pick(OUT_TEXTS)} ${random.pick(PAYERS)}`, code: null };
}

/** The bank's reference in the style of the bank. ACB's have four digits and come back; some are empty. */
export function referenceFor(random: Random, bankShortName: string, occurredAt: string): string {
  if (random.chance(0.01)) return "";
  const day = occurredAt.slice(2, 10).replaceAll("-", "");
  switch (bankShortName) {
    case "ACB":
      return String(random.integer(1000, 9999));
    case "Vietcombank":
      return `MBVCB.${random.integer(1_000_000_000, 9_999_999_999)}`;
    case "MBBank":
      return `FT${day}${random.integer(10_000, 99_999)}`;
    default:
      return `${random.integer(100, 999)}S${day}${random.integer(1000, 9999)}`;
  }
}

/** Rows made by hand, newest first; they stand among the newest hundred. */
export const SPECIAL_ROWS: readonly SpecialRow[] = [
  {
    accountId: 123,
    amountIn: 2_277_000,
    content: "chuyen tien mua hang DH001",
    code: "DH001",
    reference: "MBVCB.3278907687",
  },
  // The same customer pays twice: two rows, one memo. Merging them loses a refund.
  { accountId: 123, amountIn: 450_000, content: "DH001234 thanh toan", code: "DH001234" },
  { accountId: 123, amountIn: 450_000, content: "DH001234 thanh toan", code: "DH001234" },
  // A code inside a longer code.
  { accountId: 41, amountIn: 99_000, content: "DH0012345", code: "DH0012345" },
  { accountId: 123, amountIn: 120_000, content: "Cảm ơn shop 🎉🧋 ngon lắm 👨‍👩‍👧", subAccount: "VCB0011ABC002" },
  { accountId: 41, amountIn: 35_000, content: `"quoted" 'single' back\\slash \\n not a newline / slash` },
  {
    accountId: 123,
    amountIn: 10_000,
    content: `<script>alert("x")</script><img src=x onerror=alert(1)> & &amp;`,
  },
  { accountId: 57, amountIn: 68_000, content: '=HYPERLINK("http://example.invalid")\ttab\nnew line' },
  {
    accountId: 96,
    amountIn: 345_678_901_234,
    content: "Thanh toan hop dong 01/2026/HDMB",
    reference: "001S2611190001",
  },
  { accountId: 96, amountOut: 123_456_789_012, content: "Chuyen von luu dong", reference: "001S2611190002" },
  { accountId: 123, amountIn: 0, content: "Dieu chinh so du" },
  { accountId: 25, amountIn: 1, content: "SEVQR DH000001 kiem tra tai khoan", code: "DH000001" },
  { accountId: 57, amountIn: 250_000, content: "DH004321", code: "DH004321", reference: "4321" },
  { accountId: 57, amountIn: 250_000, content: "DH004322", code: "DH004322", reference: "4321" },
  { accountId: 41, amountIn: 75_000, content: "TKP0900 tien com trua", reference: "", subAccount: "TKP0900" },
  {
    accountId: 96,
    amountIn: 15_000_000,
    content: `${"Thanh toan theo bang ke chi tiet dinh kem, hoa don so 0001234; ".repeat(7)}het`,
  },
  {
    accountId: 25,
    amountIn: 88_888,
    content: "SEVQR Tiếng Việt có dấu: Đỗ Hữu Ước, Trương Nghĩa Kỳ, quận Bình Thạnh",
  },
  { accountId: 57, amountOut: 3_300, content: "Phi chuyen tien lien ngan hang" },
  { accountId: 123, amountIn: 500_000, content: "" },
];
