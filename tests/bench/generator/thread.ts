/** The thread of a load: nothing else runs in it, so that what the main thread does disturbs no measurement. */

import { parentPort, workerData } from "node:worker_threads";

import { Driver } from "./driver.ts";
import type { Collector, LoadPlan, MakeCollector } from "./plan.ts";

async function collectorOf(plan: LoadPlan): Promise<Collector | null> {
  if (plan.collector === undefined) return null;
  const { default: make } = (await import(plan.collector.module)) as { default: MakeCollector };
  return make(plan.collector.options);
}

const plan = workerData as LoadPlan;
parentPort?.postMessage(await new Driver(plan, await collectorOf(plan)).run());
