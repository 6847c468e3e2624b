/**
 * Marks bars that are cut: a gap across the bar, and its amount beside it.
 */
import { shortMoney } from "../../format.ts";
import type { Ink } from "./ink.ts";

/** A cut bar, in canvas pixels: the middle of its free end, how wide it is, and which way it grows. */
export interface CutBar {
  x: number;
  y: number;
  width: number;
  isUp: boolean;
  /** Whole VND. */
  amount: number;
  /** On which side there is room for the amount. */
  side: "left" | "right";
}

/** The pen: where, in which colours and letters, and how many canvas pixels there are to one of the page. */
export interface Pen {
  context: CanvasRenderingContext2D;
  ink: Ink;
  font: string;
  pixelRatio: number;
}

/** Draws the mark of one bar. */
export function drawBreak(bar: CutBar, { context, ink, font, pixelRatio }: Pen): void {
  const [gap, slant] = [3 * pixelRatio, 3 * pixelRatio];
  const y = bar.y + (bar.isUp ? 1 : -1) * 12 * pixelRatio;
  const half = bar.width / 2 + pixelRatio;
  context.save();
  context.strokeStyle = ink.surface;
  context.lineWidth = gap;
  context.beginPath();
  context.moveTo(bar.x - half, y + slant);
  context.lineTo(bar.x + half, y - slant);
  context.stroke();
  context.font = font;
  context.textAlign = bar.side === "right" ? "left" : "right";
  context.textBaseline = bar.isUp ? "top" : "bottom";
  const textX = bar.x + (bar.side === "right" ? 1 : -1) * (half + 4 * pixelRatio);
  const text = shortMoney(bar.amount);
  // A rim, so that it can be read before a grid line.
  context.strokeText(text, textX, bar.y);
  context.fillStyle = ink.text;
  context.fillText(text, textX, bar.y);
  context.restore();
}
