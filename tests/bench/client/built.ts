/** The built package where a program can load it: as it is, or with its inner steps in reach too. */

import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { buildNpm, PACKAGE_DIR } from "../../../scripts/package.ts";

/** What the built module exports. */
export type Surface = typeof import("../../../src/js/npm/src/index.ts");

/** The steps inside the built module that lead from bytes to plain objects. */
export type Inner = Pick<typeof import("../../../src/js/npm/src/core.ts"), "Core"> &
  Pick<typeof import("../../../src/js/npm/src/rows.ts"), "transactionsOf">;

/** A folder with an installed package, to be removed. */
export interface Installed {
  /** Holds `node_modules/@sepay-edge/client`. */
  readonly folder: string;
  /** The URL of the package's ES module. */
  readonly url: string;
  remove(): void;
}

/** Builds the package, unless it is built, and puts it where a program finds it by its name. */
export function install(): Installed {
  buildNpm();
  const folder = mkdtempSync(join(tmpdir(), "sepay-edge-bench-"));
  const home = join(folder, "node_modules/@sepay-edge/client");
  cpSync(PACKAGE_DIR, home, { recursive: true });
  const url = pathToFileURL(join(home, "esm/index.js")).href;
  return { folder, url, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** As `install`, and the module exports its inner steps besides: the build keeps their names. Nothing else changes. */
export function installOpened(): Installed {
  const installed = install();
  appendFileSync(new URL(installed.url), "\nexport { Core, transactionsOf };\n");
  return installed;
}
