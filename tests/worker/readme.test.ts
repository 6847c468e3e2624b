/**
 * What the README shows is what a stranger gets: every `$ curl` line of it runs as it stands against `npm start`'s own
 * set-up (the sandbox's default data), and prints what stands below it. What it cites of the repository is there.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { ROOT } from "../../scripts/tools.ts";
import { ALL_SCOPES, keyEntry, startSite } from "./site.ts";
import type { Site } from "./site.ts";

interface Example {
  readonly command: string;
  readonly output: string;
}

/** Pairs each `$ curl` line of the console blocks with the lines below it. */
function examples(readme: string): Example[] {
  const blocks = [...readme.matchAll(/^```console\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
  return blocks.flatMap((block) =>
    block.split(/^\$ /m).slice(1).map((text) => {
      const [command = "", ...output] = text.trimEnd().split("\n");
      return { command, output: output.join("\n") };
    }),
  );
}

/** `…` in the README stands for what differs from run to run. */
function pattern(output: string): RegExp {
  const literal = output.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".+")}$`, "s");
}

/** Files and folders of the repository that the text names in backticks; a name may hold `*`. */
function cited(readme: string): string[] {
  const prose = readme.replaceAll(/^```.*?^```$/gms, "");
  return [...prose.matchAll(/`((?:examples|fuzz|scripts|src|tests|worker|www)\/[^`\s]*)`/g)].map((match) => match[1] ?? "");
}

/** A key with the rights of the one that `npm start` prints. */
const KEY = "edge_test_key_of_a_reader";

const README = await readFile(new URL("../../README.md", import.meta.url), "utf8");

const shown = examples(README);

describe("the README", { timeout: 60_000 }, () => {
  let site: Site;
  before(async () => {
    site = await startSite({
      keys: [keyEntry(KEY, { id: "demo", scopes: ALL_SCOPES })],
      bindings: { EDGE_TICKET_SECRET: "a secret for the tickets of a reader" },
    });
  });
  after(() => site.close());

  test("shows at least five questions", () => assert.ok(shown.length >= 5, String(shown.length)));

  for (const { command, output } of shown) {
    test(command.replace(/^.*127\.0\.0\.1:8787/, "").replace('"', ""), async () => {
      const here = command.replaceAll("http://127.0.0.1:8787", site.url);
      const { stdout } = await promisify(execFile)("bash", ["-c", here], { env: { ...process.env, KEY } });
      assert.match(stdout, pattern(output));
    });
  }
});

test("what the README cites of the repository is there", () => {
  const paths = cited(README);
  assert.ok(paths.length >= 20, paths.join());
  assert.deepEqual(paths.filter((path) => globSync(path, { cwd: ROOT }).length === 0), []);
});
