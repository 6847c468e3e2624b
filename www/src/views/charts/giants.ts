/**
 * Bars that are so much larger than all others that these would be flat: they are cut, and marked as cut. Pure.
 */
import type { Flow } from "./daily.ts";

/* One bar in so many may be cut, or two of a few; and only if the next one is so many times smaller. */
const ONE_IN = 12;
const A_FEW = 2;
const TIMES = 4;
/* How much of a cut bar is drawn, of the largest one that is not. */
const DRAWN = 1.25;

/** Where bars are cut, whole VND; null: nowhere. Every bar that is longer is a giant. */
export function cutAt(flows: readonly Flow[]): number | null {
  const amounts = flows.flatMap(({ amountIn, amountOut }) => [amountIn, amountOut]);
  const sizes = amounts.filter((amount) => amount > 0).sort((one, other) => other - one);
  const most = Math.min(Math.max(A_FEW, Math.floor(sizes.length / ONE_IN)), Math.floor(sizes.length / 2));
  const steps = sizes.slice(1, most + 1).map((size, at) => ({ size, times: (sizes[at] ?? size) / size }));
  const widest = steps.reduce((best, step) => (step.times > best.times ? step : best), { size: 0, times: TIMES });
  return widest.size === 0 ? null : Math.round(widest.size * DRAWN);
}
