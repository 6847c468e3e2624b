/**
 * What the README shows is what a stranger gets: every `$ curl` line of it runs as it stands against `npm start`'s own
 * set-up (the sandbox's default data), and prints what stands below it.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { BOTH_SCOPES, keyEntry, startSite } from "./site.ts";
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

/** A key with the rights of the one that `npm start` prints. */
const KEY = "edge_test_key_of_a_reader";

const shown = examples(await readFile(new URL("../../README.md", import.meta.url), "utf8"));

describe("the README", { timeout: 60_000 }, () => {
  let site: Site;
  before(async () => {
    const scopes = [...BOTH_SCOPES, "metrics:read", "tickets:write", "audit:read"];
    site = await startSite({
      keys: [keyEntry(KEY, { id: "demo", scopes })],
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
