/**
 * The two charts, one above the other on the same days, and the figures of the day that is looked at: by pointer, by touch,
 * or by the arrow keys.
 */
import type { Ref } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Day } from "../../days.ts";
import { MINUS, money, signed } from "../../format.ts";
import { inWords, lang } from "../../i18n.ts";
import { longDay } from "./axis.ts";
import type { Daily } from "./daily.ts";
import { cutAt } from "./giants.ts";
import { balanceAt, flowAt, spanText } from "./figures.ts";
import { ink } from "./ink.ts";
import { placeAfter } from "./keys.ts";
import { Plot } from "./plot.ts";
import type { Picture } from "./plot.ts";
import { dictionary } from "./words.ts";

/** Readout and charts. A day that is looked at stays so when rows come in. */
export function DayCharts({ daily }: { daily: Daily }) {
  const w = inWords(dictionary);
  const slider = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(null);
  const look = useLook(daily.days);
  const pictures = useMemo(() => picturesOf(daily), [daily]);
  const point = (event: PointerEvent) => look.at(plot.current?.dayAt(event.clientX) ?? null);
  if (pictures.length === 0) return null;
  return (
    <div class="charts">
      <Readout daily={daily} marked={look.marked} isHeard={look.isFocused} />
      <div
        class="chart-stack"
        onPointerMove={point}
        onPointerDown={point}
        // A finger that is lifted leaves too, and its day is still being read.
        onPointerLeave={(event) => event.pointerType === "mouse" && !look.isFocused && look.at(null)}
        onClick={() => slider.current?.focus({ preventScroll: true })}
      >
        {pictures.map((picture) => (
          <Chart
            key={picture.kind}
            daily={daily}
            picture={picture}
            marked={look.marked}
            onPlot={(made) => (plot.current = made)}
          />
        ))}
        <DayCursor look={look} days={daily.days} slider={slider} />
      </div>
      <p class="soft" id="chart-hint">
        {w.hint}
      </p>
    </div>
  );
}

/** Which day is looked at, by its place (null: none), and whether the keyboard is there. */
interface Look {
  marked: number | null;
  isFocused: boolean;
  at(place: number | null): void;
  focus(has: boolean): void;
}

function useLook(days: readonly Day[]): Look {
  const [day, setDay] = useState<Day | null>(null);
  const [isFocused, setFocused] = useState(false);
  const marked = day === null || !days.includes(day) ? null : days.indexOf(day);
  const at = (place: number | null) => setDay(place === null ? null : (days[place] ?? null));
  const focus = (has: boolean) => {
    setFocused(has);
    at(has ? (marked ?? days.length - 1) : null);
  };
  return { marked, isFocused, at, focus };
}

interface CursorParts {
  look: Look;
  days: readonly Day[];
  slider: Ref<HTMLDivElement>;
}

/* What the keyboard moves: a slider over both charts. */
function DayCursor({ look, days, slider }: CursorParts) {
  const last = days.length - 1;
  const press = (event: KeyboardEvent) => {
    const place = placeAfter(event.key, look.marked, days.length);
    if (place === undefined) return;
    event.preventDefault();
    look.at(place);
  };
  return (
    <div
      ref={slider}
      class="chart-cursor"
      role="slider"
      tabIndex={0}
      aria-label={inWords(dictionary).chosenDay}
      aria-describedby="chart-hint"
      aria-valuemin={1}
      aria-valuemax={days.length}
      aria-valuenow={(look.marked ?? last) + 1}
      aria-valuetext={longDay(days[look.marked ?? last] ?? "")}
      onKeyDown={press}
      onFocus={() => look.focus(true)}
      onBlur={() => look.focus(false)}
    />
  );
}

/* Said aloud only to whoever moves through the days, not at every payment. */
function Readout({ daily, marked, isHeard }: { daily: Daily; marked: number | null; isHeard: boolean }) {
  const w = inWords(dictionary);
  const flow = flowAt(daily, marked);
  const balance = balanceAt(daily, marked);
  return (
    <div class="chart-readout" aria-live={isHeard ? "polite" : "off"} aria-atomic="true">
      <p class="chart-day">{marked === null ? spanText(daily.days) : longDay(daily.days[marked] ?? "")}</p>
      <dl>
        {flow && <Figure kind="in" name={w.amountIn} text={signed("+", flow.amountIn)} />}
        {flow && <Figure kind="out" name={w.amountOut} text={signed(MINUS, flow.amountOut)} />}
        {balance !== null && <Figure kind="balance" name={w.left} text={money(balance)} />}
      </dl>
    </div>
  );
}

/* Its mark is drawn as the chart is: plain, striped, a line. */
function Figure({ kind, name, text }: { kind: "in" | "out" | "balance"; name: string; text: string }) {
  return (
    <div class="chart-figure">
      <dt>
        <span class={`chart-mark chart-mark-${kind}`} aria-hidden="true" />
        {name}
      </dt>
      <dd class={`money is-${kind}`}>{text}</dd>
    </div>
  );
}

interface ChartParts {
  daily: Daily;
  picture: Picture;
  marked: number | null;
  onPlot: (plot: Plot | null) => void;
}

function Chart({ daily, picture, marked, onPlot }: ChartParts) {
  const w = inWords(dictionary);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(null);
  const colours = ink.value;
  useEffect(() => {
    if (box.current === null) return;
    const made = (plot.current = new Plot(box.current, { picture, marked, ink: colours }));
    onPlot(made);
    return () => {
      made.destroy();
      onPlot(null);
    };
  }, []);
  useEffect(() => plot.current?.show({ picture, marked, ink: colours }), [picture, marked, colours]);
  useEffect(() => plot.current?.redraw(), [lang.value]);
  return (
    <figure>
      <figcaption class="soft">{w[picture.kind]}</figcaption>
      <div ref={box} class={`chart-box chart-${picture.kind}`} role="img" aria-label={saidOf(daily, picture.kind)} />
    </figure>
  );
}

function saidOf(daily: Daily, kind: Picture["kind"]): string {
  const w = inWords(dictionary);
  const span = spanText(daily.days);
  if (kind === "balances") return w.balancesSaid(span, money(balanceAt(daily, null)));
  return w.flowsSaid(span, money(daily.total?.amountIn ?? null), money(daily.total?.amountOut ?? null));
}

function picturesOf({ days, flows, balances }: Daily): Picture[] {
  const pictures: Picture[] = [];
  if (typeof flows !== "string") {
    const lines: [number[], number[]] = [flows.map((flow) => flow.amountIn), flows.map((flow) => flow.amountOut)];
    pictures.push({ kind: "flows", days, lines, cutAt: cutAt(flows) });
  }
  if (typeof balances !== "string") pictures.push({ kind: "balances", days, lines: [balances] });
  return pictures;
}
