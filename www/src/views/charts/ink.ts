/**
 * The colours that charts are drawn with: the page's own, read from its style sheet, anew when light turns to dark.
 */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";

/** Colours by what they stand for. */
export type Ink = Record<(typeof NAMES)[number], string>;

const NAMES = ["in", "out", "accent", "accent-ground", "surface", "text", "soft", "line", "control-line"] as const;

const darkness = matchMedia("(prefers-color-scheme: dark)");

const read = signal(readInk(), {
  watched() {
    read.value = readInk();
    darkness.addEventListener("change", readAgain);
  },
  unwatched: () => darkness.removeEventListener("change", readAgain),
});

/** The colours of now. */
export const ink: ReadonlySignal<Ink> = read;

/** Stripes in a colour, for what must be told from a plain area without looking at colours. Sizes in canvas pixels. */
export function stripes(context: CanvasRenderingContext2D, colour: string, pixelRatio: number): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = tile.height = Math.round(6 * pixelRatio);
  const pen = tile.getContext("2d");
  if (pen === null) return colour;
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5 * pixelRatio;
  // One line across, and its ends in two corners, so that tiles meet.
  for (const shift of [-tile.width, 0, tile.width]) {
    pen.moveTo(shift, tile.height);
    pen.lineTo(shift + tile.width, 0);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat") ?? colour;
}

function readAgain(): void {
  read.value = readInk();
}

function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Ink;
}
