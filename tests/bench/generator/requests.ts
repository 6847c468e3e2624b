/** The requests of a load: their bytes, and which is sent when. */

import { seededRandom } from "../../sandbox/random.ts";
import type { LoadPlan, Question } from "./plan.ts";

/** The bytes of a request. */
export function written({ path, headers = {} }: Question, origin: string): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n${lines.join("")}\r\n`, "latin1");
}

/** Which question the request of this number asks: in turn, or drawn by weight. */
export function draw({ questions, weights, seed = 1 }: LoadPlan): (index: number) => number {
  if (weights === undefined) return (index) => index % questions.length;
  const random = seededRandom(seed);
  let sum = 0;
  const sums = Float64Array.from(weights, (weight) => (sum += weight));
  return () => {
    const drawn = random.next() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
