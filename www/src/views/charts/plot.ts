/**
 * A chart of days on a canvas, by uPlot: bars of what moved, or the line of balances. It draws what it is given, marks one
 * day, and says which day a point is over; it keeps no figures and reads no clock.
 */
import uPlot from "uplot";
import type { Day } from "../../days.ts";
import { axisMoney, labelled, shortDay } from "./axis.ts";
import { drawBreak } from "./breaks.ts";
import { stripes } from "./ink.ts";
import type { Ink } from "./ink.ts";

/** What is drawn: for every day, one value in each list, whole VND. */
export type Picture =
  | { kind: "flows"; days: Day[]; lines: [amountsIn: number[], amountsOut: number[]]; cutAt: number | null }
  | { kind: "balances"; days: Day[]; lines: [balances: number[]] };

/** Everything that one drawing depends on. */
export interface Scene {
  picture: Picture;
  /** The day that is marked, by its place; null: none. */
  marked: number | null;
  ink: Ink;
}

const FONT_PX = 12;
const AXIS_WIDTH_PX = 56;
const LABEL_WIDTH_PX = 52;
const RIGHT_PX = 20;
/* So that an axis without any movement has a height. */
const LEAST_TOP_VND = 100_000;
const ROOM = 0.08;
/* A bar's part of its column, and its width at the most. */
const BAR_PART = 0.68;
const WIDEST_BAR_PX = 44;

/** A chart in a box whose size is the box's. */
export class Plot {
  readonly #box: HTMLElement;
  readonly #chart: uPlot;
  readonly #sizes: ResizeObserver;
  #scene: Scene;

  constructor(box: HTMLElement, scene: Scene) {
    this.#box = box;
    this.#scene = scene;
    const font = `${FONT_PX}px ${getComputedStyle(box).fontFamily}`;
    this.#chart = new uPlot(this.#options(font), dataOf(scene.picture), box);
    this.#sizes = new ResizeObserver(() => this.#fit());
    this.#sizes.observe(box);
  }

  /** Draws something else of the same kind. */
  show(scene: Scene): void {
    const { picture, ink } = this.#scene;
    this.#scene = scene;
    // uPlot keeps the colour of a bar with its shape: a new one takes new shapes.
    if (scene.picture === picture) this.#chart.redraw(scene.ink !== ink);
    else this.#chart.setData(dataOf(scene.picture));
  }

  /** Draws it again: the language has changed. */
  redraw(): void {
    this.#chart.redraw(false, true);
  }

  /** The place of the day over which a point of the window is; the nearest one for a point beside the chart. */
  dayAt(clientX: number): number {
    const { left } = this.#chart.over.getBoundingClientRect();
    const place = Math.round(this.#chart.posToVal(clientX - left, "x"));
    return Math.min(Math.max(place, 0), this.#scene.picture.days.length - 1);
  }

  /** Takes it away. */
  destroy(): void {
    this.#sizes.disconnect();
    this.#chart.destroy();
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#box;
    if (width > 0 && height > 0) this.#chart.setSize({ width, height });
  }

  #options(font: string): uPlot.Options {
    const { picture } = this.#scene;
    return {
      width: Math.max(this.#box.clientWidth, 1),
      height: Math.max(this.#box.clientHeight, 1),
      padding: [8, RIGHT_PX, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false, range: () => [-0.5, this.#scene.picture.days.length - 0.5] },
        y: { range: () => rangeOf(this.#scene.picture) },
      },
      axes: [this.#dayAxis(font), this.#moneyAxis(font)],
      series: [{}, ...(picture.kind === "flows" ? this.#bars() : this.#steps())],
      hooks: { drawClear: [() => this.#mark()], draw: [() => this.#baseline(), () => this.#breaks(font)] },
    };
  }

  #dayAxis(font: string): uPlot.Axis {
    return {
      font,
      size: 26,
      gap: 6,
      stroke: () => this.#scene.ink.soft,
      grid: { show: false },
      ticks: { show: false },
      splits: (chart) => labelled(this.#scene.picture.days.length, Math.floor(chart.over.clientWidth / LABEL_WIDTH_PX) + 1),
      values: (_, places) => places.map((place) => shortDay(this.#scene.picture.days[place] ?? "")),
    };
  }

  #moneyAxis(font: string): uPlot.Axis {
    return {
      font,
      size: AXIS_WIDTH_PX,
      gap: 8,
      space: 36,
      stroke: () => this.#scene.ink.soft,
      grid: { stroke: () => this.#scene.ink.line, width: 1 },
      ticks: { show: false },
      // Above and below the axis is in and out: no amount is less than nothing.
      values: (_, amounts) => axisMoney(this.#scene.picture.kind === "flows" ? amounts.map(Math.abs) : amounts),
    };
  }

  #bars(): uPlot.Series[] {
    const paths = uPlot.paths.bars?.({ size: [BAR_PART, WIDEST_BAR_PX], radius: [0.12, 0] });
    const rest = { ...(paths && { paths }), points: { show: false } };
    const fillOut = (chart: uPlot) => stripes(chart.ctx, this.#scene.ink.out, uPlot.pxRatio) as string;
    return [
      { ...rest, fill: () => this.#scene.ink.in, width: 0 },
      { ...rest, fill: fillOut, stroke: () => this.#scene.ink.out, width: 1 },
    ];
  }

  #steps(): uPlot.Series[] {
    const paths = uPlot.paths.stepped?.({ align: 1 });
    return [{ ...(paths && { paths }), points: { show: false }, stroke: () => this.#scene.ink.accent, width: 2 }];
  }

  /* Behind everything: the column of the marked day. */
  #mark(): void {
    const { marked, ink } = this.#scene;
    if (marked === null) return;
    const { ctx, bbox } = this.#chart;
    const [left, right] = [marked - 0.5, marked + 0.5].map((place) => this.#chart.valToPos(place, "x", true));
    ctx.fillStyle = ink["accent-ground"];
    ctx.fillRect(left ?? 0, bbox.top, (right ?? 0) - (left ?? 0), bbox.height);
  }

  #baseline(): void {
    if (this.#scene.picture.kind === "balances") return;
    const { ctx, bbox } = this.#chart;
    const at = Math.round(this.#chart.valToPos(0, "y", true));
    ctx.fillStyle = this.#scene.ink["control-line"];
    ctx.fillRect(bbox.left, at, bbox.width, Math.max(1, Math.round(uPlot.pxRatio)));
  }

  #breaks(font: string): void {
    const { picture, ink } = this.#scene;
    if (picture.kind === "balances" || picture.cutAt === null) return;
    const { cutAt, days } = picture;
    const { pxRatio: pixelRatio } = uPlot;
    const { ctx: context, bbox } = this.#chart;
    const width = Math.min((bbox.width / days.length) * BAR_PART, WIDEST_BAR_PX * pixelRatio);
    const pen = { context, ink, font: font.replace(/^\d+/, String(FONT_PX * pixelRatio)), pixelRatio };
    picture.lines.forEach((amounts, nth) => {
      const isUp = nth === 0;
      const y = this.#chart.valToPos(isUp ? cutAt : -cutAt, "y", true);
      amounts.forEach((amount, place) => {
        const x = this.#chart.valToPos(place, "x", true);
        const side = place < days.length / 2 ? "right" : "left";
        if (amount > cutAt) drawBreak({ x, y, width, isUp, amount, side }, pen);
      });
    });
  }
}

/*
 * A bar of nothing is none: it would be drawn as a line. A balance holds for the whole column of its day: its line runs from
 * the left edge to the right one.
 */
function dataOf(picture: Picture): uPlot.AlignedData {
  const places = picture.days.map((_, place) => place);
  if (picture.kind === "flows") {
    const [amountsIn, amountsOut] = drawnOf(picture);
    return [places, amountsIn.map((amount) => amount || null), amountsOut.map((amount) => -amount || null)];
  }
  const [balances] = picture.lines;
  return [[...places.map((place) => place - 0.5), places.length - 0.5], [...balances, balances.at(-1) ?? 0]];
}

/* What of each bar is drawn. */
function drawnOf({ lines: [amountsIn, amountsOut], cutAt }: Picture & { kind: "flows" }): [number[], number[]] {
  const cut = (amount: number) => Math.min(amount, cutAt ?? amount);
  return [amountsIn.map(cut), amountsOut.map(cut)];
}

function rangeOf(picture: Picture): [number, number] {
  if (picture.kind === "flows") {
    const [amountsIn, amountsOut] = drawnOf(picture);
    const [most, least] = [Math.max(0, ...amountsIn), Math.max(0, ...amountsOut)];
    const height = Math.max(most + least, LEAST_TOP_VND);
    return [least === 0 ? 0 : -least - height * ROOM, Math.max(most, height - least) + height * ROOM];
  }
  const [lowest, highest] = [Math.min(...picture.lines[0]), Math.max(...picture.lines[0])];
  const room = (highest - lowest) * ROOM || Math.max(Math.abs(highest) * ROOM, LEAST_TOP_VND);
  // A balance that never was below nothing has no axis there.
  return [lowest >= 0 ? Math.max(0, lowest - room) : lowest - room, highest + room];
}
