/**
 * How an order stands: a word, a sign, and the sums, to be read from across the counter.
 */
import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { dayAt } from "../../days.ts";
import { count, dayText, money } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { nowMs } from "../../parts/now.ts";
import { isOnline } from "../../parts/online.ts";
import { useStore } from "../../state/store.ts";
import { oldDayOf } from "./judge.ts";
import type { Verdict } from "./judge.ts";
import type { Standing } from "./standing.ts";
import { dictionary } from "./words.ts";

/** Each has a sign of its own, for the title of the tab. */
export const SIGNS: Record<Standing, string> = {
  searching: "…",
  unknown: "?",
  none: "○",
  part: "◐",
  paid: "✓",
  over: "+",
  came: "₫",
  back: "!",
  unseen: "?",
};

const SHAPES: Record<Standing, string> = {
  searching: "M7 12h.01M12 12h.01M17 12h.01",
  unknown: "M9 9a3 3 0 116 0c0 2-3 2.5-3 5M12 18h.01",
  none: "M12 7v5l3.5 2",
  part: "M12 5v14a7 7 0 000-14z",
  paid: "M6 12.5l4 4 8-9",
  over: "M12 6v12M6 12h12",
  came: "M12 5.5v11M7.5 12l4.5 4.5 4.5-4.5M7 19h10",
  back: "M12 6.5v7M12 17.5h.01",
  unseen: "M9 9a3 3 0 116 0c0 2-3 2.5-3 5M12 18h.01",
};

interface VerdictProps {
  code: string;
  amount: number | null;
  standing: Standing;
  verdict: Verdict;
  /** Payments that a person has not decided on. */
  open: number;
}

/** The panel. What changes in it is said to those who do not see it. */
export function VerdictPanel({ code, amount, standing, verdict, open }: VerdictProps) {
  const w = inWords(dictionary);
  return (
    <section class={`panel verdict is-${standing}`} aria-labelledby="verdict-title">
      <div class="verdict-head">
        <h2 id="verdict-title" class="verdict-code">
          <span class="soft">{w.order}</span> <span class="number">{code}</span>
        </h2>
        <CopyButton text={location.href} what={w.link} />
        <Watching />
      </div>
      <div class="verdict-body" role="status" aria-live="polite" aria-atomic="true">
        <Sign standing={standing} />
        <div class="verdict-text">
          <p class="verdict-word">{w.state[standing]}</p>
          <Detail amount={amount} standing={standing} verdict={verdict} />
          <Aged verdict={verdict} />
          {open > 0 && <p>{w.maybe(count(open))}</p>}
        </div>
      </div>
      <Sums amount={amount} standing={standing} verdict={verdict} />
    </section>
  );
}

function Watching() {
  const { live } = useStore();
  const w = inWords(dictionary);
  const isLive = isOnline.value && live.isFollowing.value;
  return (
    <p class={`verdict-live ${isLive ? "is-live" : ""}`}>
      <span class="pulse" aria-hidden="true" />
      {isLive ? w.watching : w.waiting}
    </p>
  );
}

function Sign({ standing }: { standing: Standing }) {
  return (
    <svg class="verdict-sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="11" />
      <path d={SHAPES[standing]} />
    </svg>
  );
}

type DetailProps = Pick<VerdictProps, "amount" | "standing" | "verdict">;

function Detail({ amount, standing, verdict }: DetailProps) {
  const w = inWords(dictionary);
  if (standing === "none") return <p>{w.noneHint}</p>;
  if (standing === "unknown") return <p>{w.unknownHint}</p>;
  if (standing === "unseen") return <p>{verdict.counted.length > 0 ? w.unseenHint : w.blindHint}</p>;
  if (standing === "part") return <Sum>{w.missing(money(verdict.missing))}</Sum>;
  if (standing === "over") return <Sum>{w.over(money(verdict.over))}</Sum>;
  if (standing === "back") return <p>{w.paidBack(money(verdict.paidBack), money(verdict.received))}</p>;
  if (standing !== "paid" && standing !== "came") return null;
  return (
    <>
      <Sum>{money(verdict.received)}</Sum>
      {amount === null && <p>{w.anyAmount}</p>}
    </>
  );
}

/* Codes are used again: a table's, or numbers that begin anew each day. */
function Aged({ verdict }: { verdict: Verdict }) {
  const today = useComputed(() => dayAt(nowMs.value)).value;
  const day = oldDayOf(verdict, today);
  return day === null ? null : <p class="note verdict-old">{inWords(dictionary).old(dayText(Date.parse(`${day}T00:00:00+07:00`)))}</p>;
}

function Sum({ children }: { children: ComponentChildren }) {
  return <p class="verdict-sum money">{children}</p>;
}

/* The bar says nothing that the sums do not. */
function Sums({ amount, standing, verdict }: DetailProps) {
  const w = inWords(dictionary);
  if (amount === null) return null;
  const share = Math.min(1, verdict.received / amount);
  return (
    <div class="verdict-sums">
      <svg class="verdict-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect width={standing === "unseen" ? 0 : 100 * share} height="1" />
      </svg>
      <dl>
        <div>
          <dt class="soft">{w.received}</dt>
          <dd class="money">{money(standing === "unseen" ? null : verdict.received)}</dd>
        </div>
        <div>
          <dt class="soft">{w.wanted}</dt>
          <dd class="money">{money(amount)}</dd>
        </div>
      </dl>
    </div>
  );
}
