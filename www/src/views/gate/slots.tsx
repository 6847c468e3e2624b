/**
 * The slots as lamps, one for each request that SePay allows in a second: told apart by shape and word.
 */
import type { EdgeStatus } from "../../../../src/js/npm/src/edge.ts";
import { inWords } from "../../i18n.ts";
import { secs } from "./figures.ts";
import { REST_MS, countsOf, stateOf } from "./verdict.ts";
import type { SlotState } from "./verdict.ts";
import { dictionary } from "./words.ts";

/* With more lamps than this, each has its word for those only who do not see them. */
const MOST_WORDS = 6;

const RADIUS = 15;
const ROUND = 2 * Math.PI * RADIUS;

/** The lamps. */
export function Slots({ status }: { status: EdgeStatus }) {
  const w = inWords(dictionary);
  const isHeld = status.pausedForMs > 0 || status.breaker.open;
  const states = status.slots.map((slot) => stateOf(slot, isHeld));
  const isMany = states.length > MOST_WORDS;
  return (
    <section class="panel section" aria-labelledby="gate-slots">
      <h2 id="gate-slots">{w.slots}</h2>
      <ul class={isMany ? "lamps is-many" : "lamps"}>
        {status.slots.map(({ freeInMs }, index) => (
          <Slot key={index} number={index + 1} state={states[index] ?? "free"} freeInMs={freeInMs} isBrief={isMany} />
        ))}
      </ul>
      {isMany && <p class="number">{w.slotCounts(countsOf(states))}</p>}
      <p class="soft">{w.slotsHint}</p>
    </section>
  );
}

function Slot(props: { number: number; state: SlotState; freeInMs: number; isBrief: boolean }) {
  const { number, state, freeInMs, isBrief } = props;
  const w = inWords(dictionary);
  const word = state === "cooling" ? w.slotState.cooling(`${secs(Math.max(freeInMs, 100))}\u00a0s`) : w.slotState[state];
  return (
    <li class={`lamp is-${state}`}>
      <Lamp state={state} restShare={Math.min(1, freeInMs / REST_MS)} />
      <span class={isBrief ? "visually-hidden" : "lamp-words"}>
        <span class="soft">{w.slot(number)}</span> <span class="lamp-state">{word}</span>
      </span>
    </li>
  );
}

/* Asking: full, with an arrow on its way. Resting: a ring that runs out. Held back: two bars. Free: empty. */
function Lamp({ state, restShare }: { state: SlotState; restShare: number }) {
  return (
    <svg class="lamp-shape" viewBox="0 0 36 36" aria-hidden="true" focusable="false">
      <circle class="lamp-ground" cx="18" cy="18" r={RADIUS} />
      {state === "cooling" && (
        <circle class="lamp-rest" cx="18" cy="18" r={RADIUS} stroke-dasharray={`${restShare * ROUND} ${ROUND}`} transform="rotate(-90 18 18)" />
      )}
      {state === "inFlight" && <path class="lamp-sign" d="M18 25V11M12 17l6-6 6 6" />}
      {state === "held" && <path class="lamp-sign" d="M14 12v12M22 12v12" />}
    </svg>
  );
}
