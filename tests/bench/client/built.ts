/** The built package, installed where a program can load it by its name. */

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { buildNpm, PACKAGE_DIR } from "../../../scripts/package.ts";

/** What the built module exports. */
export type Surface = typeof import("../../../src/js/npm/src/index.ts");

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
