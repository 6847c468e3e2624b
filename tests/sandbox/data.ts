/**
 * The seeded data: seven accounts and 12,000 transactions of one year, the same to the byte for the same
 * seed. Ends on a fixed day; reads no clock, so that a test may name its rows.
 */
import { incomingMemo, outgoingMemo, referenceFor, SPECIAL_ROWS } from "./memo.ts";
import type { Memo, SpecialRow } from "./memo.ts";
import { bankNamed } from "./model.ts";
import type { Account, Transaction } from "./model.ts";
import { seededRandom } from "./random.ts";
import type { Random } from "./random.ts";
import { wallText } from "./time.ts";

/** Both lists in ascending order of id. */
export interface Data {
  readonly accounts: readonly Account[];
  readonly transactions: readonly Transaction[];
}

/** The "today" of the seeded data, in Vietnam. */
export const LAST_DAY = "2026-11-19";

/** How many transactions are seeded. */
export const TRANSACTION_COUNT = 12_000;

const FIRST_ID = 700_001;
const DAY_MS = 86_400_000;
const LAST_DAY_MS = Date.parse(`${LAST_DAY}T00:00:00Z`);
const FIRST_DAY_MS = LAST_DAY_MS - 364 * DAY_MS;
const SPECIAL_SPACING = 4;
const ALWAYS = "9999-12-31 23:59:59";

/** How a seeded account behaves. */
interface Profile {
  readonly account: Account;
  /** Its share of the transactions, relative to the others. */
  readonly weight: number;
  /** No transaction after this time. */
  readonly until: string;
  /** Amounts are multiples of this many VND, up to `amountSteps` of them. */
  readonly amountUnit: number;
  readonly amountSteps: number;
  readonly openingBalance: number;
  /** Virtual accounts that appear on its rows besides ""; null: its rows carry null. */
  readonly subAccounts: readonly string[] | null;
}

/** What is known of a row before its texts and balance are. */
interface Slot {
  readonly id: number;
  readonly occurredAt: string;
  readonly profile: Profile;
  readonly special: SpecialRow | undefined;
}

/** Numbers 0071000888888 and 102871015203 are those of SePay's own samples; holders are invented. */
const PROFILES: readonly Profile[] = [
  {
    // The only account whose rows carry a null sub_account. It sleeps for more than seven months before the
    // last day: published clients with strict models want a string there, and they must be able to read the
    // newest 5,000 rows, while a reader of older rows still meets the null which SePay documents.
    account: account(18, "Vietcombank", "0071000899999", "NGUYEN VAN A", "2024-02-12 20:05:47", {
      label: "Tài khoản cũ",
    }),
    weight: 4,
    until: "2026-04-02 18:00:00",
    amountUnit: 1000,
    amountSteps: 5000,
    openingBalance: 2_625_076_186,
    subAccounts: null,
  },
  {
    account: account(25, "VietinBank", "102871015203", "NGUYEN THI B", "2024-02-16 15:57:26"),
    weight: 12,
    until: ALWAYS,
    amountUnit: 1000,
    amountSteps: 3000,
    openingBalance: 2_525_493,
    subAccounts: [],
  },
  {
    account: account(41, "MBBank", "0900112233", "TRAN THI C", "2024-06-03 09:12:44", {
      label: "Quán cà phê",
      reportsBalance: false,
    }),
    weight: 25,
    until: ALWAYS,
    amountUnit: 1000,
    amountSteps: 800,
    openingBalance: 0,
    subAccounts: ["TKP0900", "TKP0901"],
  },
  {
    account: account(57, "ACB", "21860168", "LE HOANG D", "2024-09-21 11:40:02"),
    weight: 14,
    until: ALWAYS,
    amountUnit: 500,
    amountSteps: 6000,
    openingBalance: 48_115_700,
    subAccounts: [],
  },
  {
    account: account(96, "BIDV", "0314100012345", "CONG TY TNHH THUONG MAI HAI DANG", "2025-01-08 14:30:19", {
      label: "BIDV doanh nghiệp",
    }),
    weight: 10,
    until: ALWAYS,
    amountUnit: 100_000,
    amountSteps: 9000,
    openingBalance: 871_204_556_310,
    subAccounts: ["96247HD0001", "96247HD0002"],
  },
  {
    account: account(123, "Vietcombank", "0071000888888", "NGUYEN VAN A", "2025-03-17 08:22:51", {
      label: "Cửa hàng chính",
    }),
    weight: 35,
    until: ALWAYS,
    amountUnit: 1000,
    amountSteps: 5000,
    openingBalance: 19_077_000,
    subAccounts: ["VCB0011ABC001", "VCB0011ABC002", "VCB0011ABC003"],
  },
  {
    account: account(130, "VPBank", "198765432", "PHAM GIA E", "2025-05-30 16:03:10", { active: false }),
    weight: 3,
    until: "2026-06-30 23:59:59",
    amountUnit: 1000,
    amountSteps: 2000,
    openingBalance: 730_000,
    subAccounts: [],
  },
];

/** Generates the data of a seed (an unsigned 32-bit integer). */
export function generateData(seed: number): Data {
  const random = seededRandom(seed);
  const balances = new Map(PROFILES.map((profile) => [profile.account.id, profile.openingBalance]));
  const transactions = slots(random, PROFILES).map((slot) => {
    const row = fill(random, slot, balances.get(slot.profile.account.id) ?? 0);
    balances.set(row.accountId, row.balance);
    return row;
  });
  const accounts = PROFILES.map(({ account }) => closed(account, transactions));
  return { accounts, transactions };
}

/** The account as its rows leave it. */
function closed(account: Account, transactions: readonly Transaction[]): Account {
  const own = transactions.filter((row) => row.accountId === account.id);
  const times = own.map((row) => row.occurredAt).sort();
  return { ...account, balance: own.at(-1)?.balance ?? 0, lastTransactionAt: times.at(-1) ?? null };
}

function slots(random: Random, profiles: readonly Profile[]): Slot[] {
  const times = bookingTimes(random);
  let id = FIRST_ID;
  return times.map((wallMs, index) => {
    id += index === 0 ? 0 : random.integer(1, 3);
    const special = specialAt(index);
    const occurredAt = wallText(special === undefined ? valueTime(random, times, index, wallMs) : wallMs);
    const profile =
      special === undefined
        ? pickProfile(random, profiles, wallText(wallMs))
        : profiles.find((each) => each.account.id === special.accountId);
    if (profile === undefined) throw new Error(`no seeded account ${special?.accountId}`);
    return { id, occurredAt, profile, special };
  });
}

/** When rows were booked: wall-clock milliseconds, ascending, in the hours when people pay. */
function bookingTimes(random: Random): number[] {
  const times = Array.from({ length: TRANSACTION_COUNT - 1 }, () => {
    const day = random.integer(0, 364);
    const seconds = random.chance(0.05)
      ? random.integer(0, 6 * 3600)
      : random.integer(6 * 3600, 22 * 3600 - 1);
    return FIRST_DAY_MS + day * DAY_MS + seconds * 1000;
  });
  times.push(LAST_DAY_MS + 22 * 3600 * 1000);
  return times.sort((left, right) => left - right);
}

/** Most rows are booked when they happen; some arrive up to three days late, some share a second. */
function valueTime(random: Random, times: readonly number[], index: number, wallMs: number): number {
  const lateBy = random.integer(3600, 3 * 86_400) * 1000;
  if (index % 251 === 250) return wallMs - lateBy;
  if (index % 97 === 96) return times[index - 1] ?? wallMs;
  return wallMs;
}

function specialAt(index: number): SpecialRow | undefined {
  const fromNewest = TRANSACTION_COUNT - 1 - index;
  return fromNewest % SPECIAL_SPACING === 0 ? SPECIAL_ROWS[fromNewest / SPECIAL_SPACING] : undefined;
}

function pickProfile(random: Random, profiles: readonly Profile[], at: string): Profile | undefined {
  const open = profiles.filter((profile) => at <= profile.until);
  let point = random.next() * open.reduce((sum, profile) => sum + profile.weight, 0);
  return open.find((profile) => (point -= profile.weight) < 0) ?? open.at(-1);
}

function fill(random: Random, slot: Slot, balanceBefore: number): Transaction {
  const { account } = slot.profile;
  const drawn = draw(random, slot, balanceBefore);
  const amountIn = slot.special === undefined ? drawn.amountIn : (slot.special.amountIn ?? 0);
  const amountOut = slot.special === undefined ? drawn.amountOut : (slot.special.amountOut ?? 0);
  return {
    id: slot.id,
    accountId: account.id,
    bankShortName: account.bank.shortName,
    accountNumber: account.number,
    occurredAt: slot.occurredAt,
    amountOut,
    amountIn,
    balance: account.reportsBalance ? balanceBefore + amountIn - amountOut : 0,
    content: slot.special?.content ?? drawn.memo.content,
    reference: slot.special?.reference ?? drawn.reference,
    code: slot.special === undefined ? drawn.memo.code : (slot.special.code ?? null),
    subAccount: slot.special === undefined ? drawn.subAccount : (slot.special.subAccount ?? ""),
  };
}

interface Drawn {
  readonly amountIn: number;
  readonly amountOut: number;
  readonly memo: Memo;
  readonly reference: string;
  readonly subAccount: string | null;
}

function draw(random: Random, slot: Slot, balanceBefore: number): Drawn {
  const { account, amountUnit, amountSteps, subAccounts } = slot.profile;
  // Cubed, so that small payments are common and large ones rare.
  const steps = 1 + Math.floor(random.next() ** 3 * amountSteps);
  const amount = steps * amountUnit + (random.chance(0.05) ? random.integer(1, amountUnit - 1) : 0);
  const wantsOut = random.chance(0.12);
  const isOut = wantsOut && (!account.reportsBalance || amount <= balanceBefore);
  const subAccount =
    subAccounts !== null && subAccounts.length > 0 && random.chance(0.3) ? random.pick(subAccounts) : "";
  return {
    amountIn: isOut ? 0 : amount,
    amountOut: isOut ? amount : 0,
    memo: isOut ? outgoingMemo(random) : incomingMemo(random, account.bank.shortName),
    reference: referenceFor(random, account.bank.shortName, slot.occurredAt),
    subAccount: subAccounts === null ? null : subAccount,
  };
}

function account(
  id: number,
  bankShortName: string,
  number: string,
  holder: string,
  createdAt: string,
  rest: { label?: string; active?: boolean; reportsBalance?: boolean } = {},
): Account {
  const bank = bankNamed(bankShortName);
  if (bank === undefined) throw new Error(`no bank ${bankShortName}`);
  const { label = "", active = true, reportsBalance = true } = rest;
  return {
    id,
    holder,
    number,
    balance: 0,
    lastTransactionAt: null,
    label,
    active,
    createdAt,
    bank,
    reportsBalance,
  };
}
