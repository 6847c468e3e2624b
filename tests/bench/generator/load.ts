/** The load generator: runs a plan in a thread of its own and hands back the report. */

import { Worker } from "node:worker_threads";

import type { LoadPlan, LoadReport } from "./plan.ts";

/** Runs a load. Rejects when it could not begin. */
export function runLoad(plan: LoadPlan): Promise<LoadReport> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./thread.ts", import.meta.url), { workerData: plan });
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", (code) => reject(new Error(`the load ended without a report (${code})`)));
  });
}
