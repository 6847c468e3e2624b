/**
 * The gate, live: why an answer waited, for those whose key may see it.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { inWords } from "../../i18n.ts";
import { Freshness, ProblemNote, Skeleton } from "../../parts/note.tsx";
import { nowMs } from "../../parts/now.ts";
import { useStore } from "../../state/store.ts";
import { Charts } from "./charts.tsx";
import { Counters } from "./counters.tsx";
import { Pace, Queue } from "./now.tsx";
import { Questions } from "./questions.tsx";
import type { Sample } from "./samples.ts";
import { Slots } from "./slots.tsx";
import { after, verdict } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";
import { watchOf } from "./watch.ts";
import type { Watch } from "./watch.ts";
import { dictionary, sentence } from "./words.ts";

/** The view. */
export function GateView() {
  const store = useStore();
  const w = inWords(dictionary);
  const mayLook = store.isReady.value && store.may("metrics:read");
  const watch = watchOf(store);
  useEffect(() => (mayLook ? watch.start() : undefined), [mayLook, watch]);
  return (
    <div class="view gate">
      <div class="view-head">
        <h1>{w.title}</h1>
        <div class="push">
          <Freshness asOfMs={watch.source.shown.value?.atMs ?? null} />
        </div>
      </div>
      <Looks watch={watch} />
    </div>
  );
}

function Looks({ watch }: { watch: Watch }) {
  const trouble = watch.source.trouble.value;
  const last = watch.samples.value.at(-1);
  return (
    <>
      {trouble && <ProblemNote trouble={trouble} onRetry={() => watch.look()} />}
      {last ? <Look last={last} samples={watch.samples.value} /> : !trouble && <Skeleton kind="card" count={3} />}
    </>
  );
}

function Look({ last, samples }: { last: Sample; samples: readonly Sample[] }) {
  const { status } = last;
  // Read only while there is a pause to count down: nothing else changes between two looks.
  const nowStatus = status.pausedForMs > 0 ? after(status, nowMs.value - last.atMs) : status;
  return (
    <>
      <Sentence of={verdict(nowStatus)} />
      <div class="gate-now">
        <Slots status={nowStatus} />
        <Queue status={nowStatus} />
        <Pace status={nowStatus} />
      </div>
      <Charts samples={samples} />
      <div class="gate-past">
        <Questions />
        <Counters status={status} />
      </div>
    </>
  );
}

function Sentence({ of }: { of: Verdict }) {
  const kind = of.kind === "free" || of.kind === "busy" ? of.kind : "trouble";
  return (
    <div class={`panel gate-verdict is-${kind}`}>
      <Sign kind={kind} />
      <p>{sentence(of)}</p>
      <Told of={of} />
    </div>
  );
}

/* A tick, a clock's hands, an exclamation mark: the kind is seen without its colour. */
function Sign({ kind }: { kind: "free" | "busy" | "trouble" }) {
  const paths = { free: "M6 12l4 4 8-8", busy: "M12 7v5l3.5 2", trouble: "M12 7v6M12 16.5v.5" };
  return (
    <svg class="gate-sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="10" />
      <path d={paths[kind]} />
    </svg>
  );
}

/* Said aloud only when trouble comes or goes, not at every look. */
function Told({ of }: { of: Verdict }) {
  const [told, setTold] = useState("");
  const isFirst = useRef(true);
  const trouble = of.kind === "paused" ? `paused ${of.cause}` : of.kind === "down" ? "down" : "";
  useEffect(() => {
    if (trouble !== "" || !isFirst.current) setTold(sentence(of));
    isFirst.current = false;
  }, [trouble]);
  return (
    <span class="visually-hidden" role="status">
      {told}
    </span>
  );
}
