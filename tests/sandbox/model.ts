/**
 * The rows a SePay account holds, in the sandbox's own terms. How they look on the wire is decided in
 * `wire.ts`.
 *
 * Money is integer VND (safe integers). Times are Vietnam wall-clock text, `YYYY-MM-DD HH:mm:ss`, without an
 * offset, as SePay writes them: such texts sort like the times they stand for.
 */

/** A bank as SePay's bank list (banks.json) spells it. */
export interface Bank {
  readonly shortName: string;
  readonly fullName: string;
  readonly bin: string;
  readonly code: string;
}

/** A bank account linked to SePay ("Bank Account API" page). */
export interface Account {
  readonly id: number;
  readonly holder: string;
  /** Digits; leading zeros count. */
  readonly number: string;
  /** VND; 0 when the bank reports no balance. */
  readonly balance: number;
  /** Null for an account that never saw a transaction. */
  readonly lastTransactionAt: string | null;
  readonly label: string;
  readonly active: boolean;
  readonly createdAt: string;
  readonly bank: Bank;
  /** False for banks that tell SePay no balance: their rows carry `accumulated` "0.00". */
  readonly reportsBalance: boolean;
}

/** One movement on an account ("Transaction API" page). At most one of the two amounts is not 0. */
export interface Transaction {
  readonly id: number;
  readonly accountId: number;
  readonly bankShortName: string;
  readonly accountNumber: string;
  readonly occurredAt: string;
  /** VND, >= 0. */
  readonly amountOut: number;
  /** VND, >= 0. */
  readonly amountIn: number;
  /** VND after this row, in order of id; 0 when the bank reports none. */
  readonly balance: number;
  readonly content: string;
  /** The bank's reference: not unique, may be "". */
  readonly reference: string;
  /** The payment code SePay found in the content, or null. */
  readonly code: string | null;
  /** The virtual account; both "" and null mean none. */
  readonly subAccount: string | null;
}

/** The banks the sandbox knows; codes and BINs from SePay's bank list, names from its bank account page. */
export const BANKS: readonly Bank[] = [
  { shortName: "VietinBank", fullName: "Ngân hàng TMCP Công Thương Việt Nam", bin: "970415", code: "ICB" },
  { shortName: "Vietcombank", fullName: "Ngân hàng TMCP Ngoại Thương Việt Nam", bin: "970436", code: "VCB" },
  {
    shortName: "BIDV",
    fullName: "Ngân hàng TMCP Đầu tư và Phát triển Việt Nam",
    bin: "970418",
    code: "BIDV",
  },
  { shortName: "ACB", fullName: "Ngân hàng TMCP Á Châu", bin: "970416", code: "ACB" },
  { shortName: "MBBank", fullName: "Ngân hàng TMCP Quân đội", bin: "970422", code: "MB" },
  { shortName: "VPBank", fullName: "Ngân hàng TMCP Việt Nam Thịnh Vượng", bin: "970432", code: "VPB" },
];

/** Finds a bank by its short name, spelled exactly; undefined when the sandbox does not know it. */
export function bankNamed(shortName: string): Bank | undefined {
  return BANKS.find((bank) => bank.shortName === shortName);
}
