// `npm run screenshots`: pictures of the page for the README, of the real Worker in front of the sandbox, into docs/screenshots.
//
//   npm run screenshots              those of the README
//   npm run screenshots -- --all     every view, width, scheme and language, into target/screenshots, to look at
//
// The rows are the sandbox's and the browser's clock stands in their last evening, so that only what changed in the page, or
// in the Chromium that draws it, changes a picture. What the gate shows are times, which are new each time.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";

import { noChromium, startChromium } from "../tests/browser/chromium.ts";
import { encode } from "../tests/browser/picture.ts";
import { STATES, shoot } from "../tests/browser/shots.ts";
import type { Shot, State } from "../tests/browser/shots.ts";
import { build } from "./build.ts";
import { say, stop } from "./say.ts";
import { ROOT } from "./tools.ts";

/** A file, and the shots that stand side by side in it. */
interface Picture {
  readonly name: string;
  readonly shots: readonly Shot[];
}

/** What the README may take up. */
const MOST_BYTES = { each: 60_000, together: 600_000 };

const desktop = (state: State, scheme: Shot["scheme"]): Shot => ({ state, width: 1440, scheme, lang: "vi" });
const phone = (state: State, scheme: Shot["scheme"]): Shot => ({ state, width: 390, scheme, lang: "vi" });

const README: readonly Picture[] = [
  { name: "accounts", shots: [desktop("accounts", "light")] },
  { name: "charts-dark", shots: [desktop("charts", "dark")] },
  { name: "transactions", shots: [desktop("transactions", "light")] },
  { name: "paid", shots: [desktop("waiting", "light")] },
  { name: "gate", shots: [desktop("gate", "light")] },
  { name: "phones", shots: [phone("transactions", "light"), phone("waiting", "light"), phone("paid", "dark")] },
];

function everything(): Picture[] {
  const shots = STATES.flatMap((state) =>
    ([390, 1440] as const).flatMap((width) =>
      (["light", "dark"] as const).flatMap((scheme) => (["vi", "en"] as const).map((lang): Shot => ({ state, width, scheme, lang }))),
    ),
  );
  return shots.map((shot) => ({ name: `${shot.state}-${shot.width}-${shot.scheme}-${shot.lang}`, shots: [shot] }));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { all: { type: "boolean", default: false } } });
  if (noChromium !== false) stop(`${noChromium}.`);
  await build();
  const folder = join(ROOT, values.all ? "target/screenshots" : "docs/screenshots");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sizes = await take(values.all ? everything() : README, folder);
  const together = sizes.reduce((sum, bytes) => sum + bytes, 0);
  say(`${sizes.length} pictures are in ${relative(ROOT, folder)}, ${kB(together)} kB together.`);
  const isTooMuch = together > MOST_BYTES.together || sizes.some((bytes) => bytes > MOST_BYTES.each);
  if (!values.all && isTooMuch) stop(`a picture may have ${kB(MOST_BYTES.each)} kB, all together ${kB(MOST_BYTES.together)} kB.`);
}

/** Takes them one after the other, and gives their sizes in bytes. */
async function take(pictures: readonly Picture[], folder: string): Promise<number[]> {
  // Chromium is given this process's environment.
  process.env["FONTCONFIG_FILE"] = join(ROOT, "tests/browser/fonts.conf");
  const browser = await startChromium();
  const sizes: number[] = [];
  try {
    for (const { name, shots } of pictures) {
      const parts: Buffer[] = [];
      for (const shot of shots) parts.push(await shoot(browser, shot));
      const bytes = await encode(browser, parts, MOST_BYTES.each);
      writeFileSync(join(folder, `${name}.webp`), bytes);
      console.log(`${name}.webp: ${kB(bytes.length)} kB`);
      sizes.push(bytes.length);
    }
  } finally {
    await browser.close();
  }
  return sizes;
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

if (import.meta.main) await main();
