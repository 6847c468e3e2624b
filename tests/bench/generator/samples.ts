/** Measured values, all kept: exact percentiles need no histogram at the numbers a bench has. */

import type { Distribution } from "./plan.ts";

/** Values that grow in number. */
export class Samples {
  #values = new Float64Array(4096);
  #count = 0;

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count] = value;
    this.#count += 1;
  }

  /** Reads them all. Percentiles are by nearest rank: each is a value that was measured. */
  distribution(): Distribution {
    const sorted = this.#values.slice(0, this.#count).sort();
    const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
    const percentiles = { p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), p999: rank(0.999), max: rank(1) };
    return { samples: sorted.length, mean, ...percentiles };
  }
}

/** Describes values that are at hand. */
export function distributionOf(values: Iterable<number>): Distribution {
  const samples = new Samples();
  for (const value of values) samples.add(value);
  return samples.distribution();
}
