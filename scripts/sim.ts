// `npm run sim`: the gate in a world of its own (worker/tests/sim), for as long as it is told.
//
//   npm run sim -- --seconds 60            real seconds, on every core; --years 10 for virtual years instead or as well
//   npm run sim -- --seed 123              replays one history line by line
//   npm run sim -- --measure               the figures as a table

import { spawnSync } from "node:child_process";

import { say } from "./say.ts";
import { ROOT } from "./tools.ts";

say("compiling the simulator (half a minute the first time) …");
const args = ["run", "--release", "--locked", "--quiet", "-p", "sepay-worker", "--example", "sim", "--", ...process.argv.slice(2)];
const run = spawnSync("cargo", args, { cwd: ROOT, stdio: "inherit" });
process.exit(run.status ?? 1);
