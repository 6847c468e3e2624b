/**
 * Who waits, and what the gate's pace is now.
 */
import type { ComponentChildren } from "preact";
import type { EdgeStatus } from "../../../../src/js/npm/src/edge.ts";
import { count } from "../../format.ts";
import { inWords } from "../../i18n.ts";
import { span } from "./figures.ts";
import { dictionary } from "./words.ts";

/** Who waits. */
export function Queue({ status: { queue } }: { status: EdgeStatus }) {
  const w = inWords(dictionary);
  return (
    <section class="panel section" aria-labelledby="gate-queue">
      <h2 id="gate-queue">{w.queue}</h2>
      <dl class="gate-figures">
        <Figure name={w.queueField.questions}>{count(queue.questions)}</Figure>
        <Figure name={w.queueField.interactive} isPart>
          {count(queue.interactive)}
        </Figure>
        <Figure name={w.queueField.background} isPart>
          {count(queue.background)}
        </Figure>
        <Figure name={w.queueField.refreshes}>{count(queue.refreshes)}</Figure>
        <Figure name={w.queueField.inFlight}>{count(queue.inFlight)}</Figure>
        <Figure name={w.queueField.callers}>{count(queue.callers)}</Figure>
      </dl>
    </section>
  );
}

/** What decides when the next request leaves. */
export function Pace({ status }: { status: EdgeStatus }) {
  const { breaker, roundTripMs, readyInMs, waits } = status;
  const w = inWords(dictionary);
  return (
    <section class="panel section" aria-labelledby="gate-pace">
      <h2 id="gate-pace">{w.pace}</h2>
      <dl class="gate-figures">
        <Figure name={w.paceField.pause}>{pauseText(status)}</Figure>
        <Figure name={w.paceField.breaker}>{breaker.open ? w.breakerOpen : w.breakerClosed}</Figure>
        <Figure name={w.paceField.ready}>{readyInMs === 0 ? w.now : span(readyInMs)}</Figure>
        <Figure name={w.paceField.roundTrip}>{span(roundTripMs)}</Figure>
        <Figure name={w.paceField.waits}>
          <span class="waits">
            <span>
              <small>p50</small> {span(waits.p50Ms)}
            </span>
            <span>
              <small>p90</small> {span(waits.p90Ms)}
            </span>
            <span>
              <small>p99</small> {span(waits.p99Ms)}
            </span>
          </span>
        </Figure>
      </dl>
    </section>
  );
}

/** A figure and what it says; a part of the one above it stands a little in. */
export function Figure({ name, isPart = false, children }: { name: string; isPart?: boolean; children: ComponentChildren }) {
  return (
    <div class={isPart ? "gate-figure is-part" : "gate-figure"}>
      <dt>{name}</dt>
      <dd class="number">{children}</dd>
    </div>
  );
}

function pauseText({ pausedForMs, pauseCause }: EdgeStatus): string {
  const w = inWords(dictionary);
  if (pausedForMs === 0) return w.noPause;
  return `${Math.ceil(pausedForMs / 1000)}\u00a0s, ${w.pauseCause[pauseCause ?? "unknown"]}`;
}
