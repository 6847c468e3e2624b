// `npm run deploy`: wrangler, with the pinned Node and version. It builds first (`build` in worker/wrangler.jsonc).
// Arguments go on to wrangler: `npm run deploy -- --dry-run`.

import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { ROOT } from "./tools.ts";

const wrangler = spawnSync(process.execPath, [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), "deploy", ...process.argv.slice(2)], {
  cwd: join(ROOT, "worker"),
  stdio: "inherit",
  env: { WRANGLER_SEND_METRICS: "false", ...process.env },
});
process.exit(wrangler.status ?? 1);
