/**
 * What a part of the page says when it has no rows, or not the newest: waiting, empty, problem, age.
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { clock } from "../format.ts";
import { pauseEndMs } from "../state/source.ts";
import type { Trouble } from "../state/source.ts";
import { explain, words } from "../words.ts";
import { headingAbove, useFocusHandedOn } from "./handed-on.ts";
import { nowMs } from "./now.ts";

/* Older than this, the age is said: the gate serves up to ten seconds without a word. */
const OLD_AFTER_MS = 10_000;

interface ProblemParts {
  trouble: Trouble;
  /** Tries again. Until what it gives is settled, that is said, and it is not called again. */
  onRetry?: (() => unknown) | undefined;
  /** Where the focus goes that was in the note when the problem is over. */
  next?: (note: HTMLElement) => HTMLElement | null;
}

/** A problem: what happened, when to try again, and what to name when asking for help. */
export function ProblemNote({ trouble, onRetry, next = headingAbove }: ProblemParts) {
  const { error, atMs, retryAtMs } = trouble;
  const w = words();
  const note = useFocusHandedOn<HTMLDivElement>(next);
  const waitSecs = retryAtMs === null ? null : Math.ceil((retryAtMs - atMs) / 1000);
  return (
    <div class="problem" ref={note}>
      {/* Not atomic, and without the button: what changes with each try, or each second, does not repeat all the rest. */}
      <div class="problem-text" role="alert" aria-atomic="false">
        <p class="problem-title">{explain(error)}</p>
        {waitSecs !== null && retryAtMs !== null && <p>{w.retryFrom(waitSecs, clock(retryAtMs))}</p>}
        <p class="soft" lang="en">
          {error.message}
        </p>
        <p class="soft">
          {w.errorCode} <code>{error.code}</code> · {w.requestId} <code>{error.requestId ?? w.noRequestId}</code>
        </p>
      </div>
      {onRetry && <RetryButton retryAtMs={retryAtMs} onRetry={onRetry} />}
    </div>
  );
}

/* aria-disabled, not disabled: a disabled button would lose the keyboard's focus. */
function RetryButton({ retryAtMs, onRetry }: { retryAtMs: number | null; onRetry: () => unknown }) {
  const [isTrying, setTrying] = useState(false);
  const left = retryAtMs === null ? 0 : Math.max(0, Math.ceil((pauseEndMs(retryAtMs) - nowMs.value) / 1000));
  const w = words();
  const retry = async () => {
    setTrying(true);
    await onRetry();
    setTrying(false);
  };
  const isIdle = left === 0 && !isTrying;
  return (
    <button type="button" class="button" aria-disabled={!isIdle} onClick={() => isIdle && void retry()}>
      {isTrying ? w.retrying : left > 0 ? w.retryIn(left) : w.retry}
    </button>
  );
}

/**
 * When a list was true, and that it is old when it is: older than it gets by being asked for as often as it is. Milliseconds
 * since the Unix epoch; null: nothing is shown yet.
 */
export function Freshness({ asOfMs, oldAfterMs = OLD_AFTER_MS }: { asOfMs: number | null; oldAfterMs?: number }) {
  if (asOfMs === null) return null;
  const ageMs = nowMs.value - asOfMs;
  const w = words();
  if (ageMs <= oldAfterMs) return <p class="soft updated">{w.updatedAt(clock(asOfMs))}</p>;
  return <p class="updated is-old">{w.oldData(ageText(ageMs), clock(asOfMs))}</p>;
}

function ageText(ageMs: number): string {
  const secs = Math.round(ageMs / 1000);
  return secs < 120 ? words().seconds(secs) : words().minutes(Math.round(secs / 60));
}

/** Grey shapes in the place of what is on its way. Those who do not see them hear of it. */
export function Skeleton({ kind, count }: { kind: "card" | "row" | "chart"; count: number }) {
  return (
    <div class={`skeleton skeleton-${kind}`} role="status">
      <span class="visually-hidden">{words().loading}</span>
      {Array.from({ length: count }, (_, index) => (
        <span key={index} class="bone" aria-hidden="true" />
      ))}
    </div>
  );
}

/** There is nothing, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}
