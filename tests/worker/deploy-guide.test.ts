/**
 * The guides worker/DEPLOY.md and worker/DEPLOY.vi.md: they say the same in both languages, and each of their commands works.
 * What runs on this machine is run; wrangler's commands about secrets go to an API of ours; of its others, which need a real
 * account, command and switches must be in its own help; `curl` asks a Worker of the test.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";

import { isWellFormed } from "../../scripts/edge-key.ts";
import { ROOT } from "../../scripts/tools.ts";
import { startCloudflare } from "./deploy-cloudflare.ts";
import type { Cloudflare } from "./deploy-cloudflare.ts";
import { KEY, keyEntry, startSite } from "./site.ts";
import type { KeyEntry, Site } from "./site.ts";

const read = (name: string): string => readFileSync(join(ROOT, "worker", name), "utf8");
const ENGLISH = read("DEPLOY.md");
const VIETNAMESE = read("DEPLOY.vi.md");

/** The blocks of one language, without the indentation of the list that they may stand in. */
function blocks(guide: string, language: string): string[] {
  const found = [...guide.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, "gms"))];
  return found.map(([, indent = "", text = ""]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}

function commands(guide: string): string[] {
  return blocks(guide, "sh").flatMap((block) => block.split("\n").filter((line) => line !== "" && !line.startsWith("#")));
}

/** Everything between single backticks, outside of blocks. */
function codeSpans(guide: string): string[] {
  const prose = guide.replaceAll(/^ *```.*?^ *```$/gms, "");
  return [...new Set([...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? ""))].toSorted();
}

function headings(guide: string): { level: number; text: string }[] {
  return [...guide.matchAll(/^(#+) (.+)$/gm)].map(([, marks = "", text = ""]) => ({ level: marks.length, text }));
}

/** The anchor that a heading gets: lower case, no punctuation, dashes for spaces. */
function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
}

/** What cannot be run here: it needs another machine's answer, or a person. `npm run deploy` is run in deploy.test.ts. */
const ELSEWHERE: readonly string[] = [
  "git clone REPOSITORY sepay-edge",
  "cd sepay-edge",
  "npm run deploy",
  "URL=https://sepay-edge.YOURS.workers.dev",
  "read -rs KEY",
  "git pull --rebase",
  "git checkout ORIG_HEAD",
];

type Kind = "elsewhere" | "here" | "secret" | "wrangler" | "curl";

function kind(command: string): Kind | undefined {
  if (ELSEWHERE.includes(command)) return "elsewhere";
  if (/^(npm run key -- |npm run deploy -- --dry-run$|node -p )/.test(command)) return "here";
  if (/^npx wrangler secret (put|list|delete) /.test(command)) return "secret";
  if (command.startsWith("npx wrangler ")) return "wrangler";
  return command.startsWith("curl ") ? "curl" : undefined;
}

const all = [...new Set(commands(ENGLISH))];
const of = (wanted: Kind): string[] => all.filter((command) => kind(command) === wanted);

describe("the guides in both languages", () => {
  test("have the same commands, in the same order", () => {
    assert.ok(commands(ENGLISH).length > 30);
    assert.deepEqual(commands(VIETNAMESE), commands(ENGLISH));
  });

  test("have the same JSON, names and headings", () => {
    for (const language of ["json", "jsonc"]) assert.deepEqual(blocks(VIETNAMESE, language), blocks(ENGLISH, language));
    assert.deepEqual(codeSpans(VIETNAMESE), codeSpans(ENGLISH));
    assert.deepEqual(headings(VIETNAMESE).map(({ level }) => level), headings(ENGLISH).map(({ level }) => level));
    for (const guide of [ENGLISH, VIETNAMESE]) {
      const numbers = headings(guide).flatMap(({ level, text }) => (level === 2 ? [Number.parseInt(text, 10)] : []));
      assert.deepEqual(numbers, numbers.map((_, index) => index + 1));
    }
  });

  test("point to headings and files that are there", () => {
    for (const guide of [ENGLISH, VIETNAMESE]) {
      const anchors = headings(guide).map(({ text }) => `#${anchor(text)}`);
      const links = [...guide.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? "");
      assert.ok(links.length > 8);
      for (const link of links) {
        if (link.startsWith("#")) assert.ok(anchors.includes(link), link);
        else if (!link.startsWith("https://")) readFileSync(join(ROOT, "worker", link));
      }
    }
  });

  test("have no command of a kind that is not tested", () => {
    assert.deepEqual(all.filter((command) => kind(command) === undefined), []);
    for (const command of ELSEWHERE) assert.ok(all.includes(command), `${command} is in no guide any more`);
  });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const scratch = mkdtempSync(join(tmpdir(), "sepay-edge-guide-"));
const keysFile = join(scratch, "edge-keys.json");
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs a command of the guide as it stands, in the checkout, with the pinned Node and npm's tools before all others. */
async function run(command: string, env: Readonly<Record<string, string>> = {}, input = ""): Promise<Ended> {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLOUDFLARE|CF|WRANGLER|SEPAY|EDGE)_/.test(name));
  const path = [join(ROOT, "node_modules/.bin"), dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const child = spawn("sh", ["-c", command.replace("../edge-keys.json", keysFile)], {
    cwd: ROOT,
    env: { ...Object.fromEntries(own), PATH: path, XDG_CONFIG_HOME: scratch, WRANGLER_LOG_PATH: scratch, WRANGLER_SEND_METRICS: "false", ...env },
  });
  child.stdin.end(input);
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...texts };
}

describe("what the guide runs on this machine", { timeout: 600_000 }, () => {
  for (const command of of("here")) {
    test(command, async () => {
      const { status, stdout, stderr } = await run(command);
      assert.equal(status, 0, stderr);
      if (command.startsWith("npm run key")) {
        const key = /^edge_\w+$/m.exec(stdout)?.[0] ?? "";
        assert.ok(isWellFormed(key), stdout);
      } else if (command.startsWith("node -p")) {
        assert.match(stdout, /^[\w+/]{64}\n$/, "64 characters: the Worker wants 32");
      } else {
        assert.match(stdout, /--dry-run: exiting now\./);
      }
    });
  }
});

describe("what the guide says to wrangler", { timeout: 180_000 }, () => {
  let cloudflare: Cloudflare;
  const entries = blocks(ENGLISH, "json")[0] ?? "";

  before(async () => {
    writeFileSync(keysFile, entries);
    cloudflare = await startCloudflare(["SEPAY_API_TOKEN"], "canary-cloudflare-token");
  });
  after(() => cloudflare?.close());

  for (const command of of("secret")) {
    test(command, async () => {
      const { status, stdout, stderr } = await run(command, cloudflare.env, "what was pasted");
      assert.equal(status, 0, stdout + stderr);
      const name = /secret (?:put|delete) (\w+)/.exec(command)?.[1];
      if (command.includes(" put ")) {
        const text = command.includes("<") ? entries.trim() : "what was pasted";
        assert.deepEqual(cloudflare.secrets.at(-1), { name, text, type: "secret_text" });
      } else if (command.includes(" delete ")) {
        assert.equal(cloudflare.asked.at(-1), `DELETE /workers/scripts/sepay-edge/secrets/${name}`);
      } else {
        assert.match(stdout, /SEPAY_API_TOKEN/);
      }
    });
  }

  for (const command of of("wrangler")) {
    test(`${command} (its help)`, async () => {
      const words = command.split(" ").slice(2);
      const place = words.findIndex((word) => word.startsWith("-"));
      const [subcommand, rest] = place < 0 ? [words, []] : [words.slice(0, place), words.slice(place)];
      const { status, stdout } = await run(`npx wrangler ${subcommand.join(" ")} --help`);
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^wrangler ${subcommand.join(" ")}\\b`), "the command's own help");
      for (const [index, word] of rest.entries()) {
        if (!word.startsWith("-")) continue;
        const described = stdout.split("\n").find((line) => new RegExp(`(^|[ ,])${word}[ ,]`).test(line)) ?? assert.fail(`${word} is unknown`);
        const choices = /\[choices: ([^\]]+)\]/.exec(described)?.[1];
        if (choices !== undefined) assert.ok(choices.includes(`"${rest[index + 1]}"`), `${word} ${rest[index + 1]}`);
      }
    });
  }
});

/** Routes that the Worker of the guide has. */
const ROUTES: readonly string[] = ["/healthz", "/api/transactions", "/api/status", "/api/tickets", "/api/tickets/self", "/api/audit"];

describe("what the guide asks the Worker", { timeout: 60_000 }, () => {
  let site: Site;

  before(async () => {
    const scopes = ["accounts:read", "transactions:read", "metrics:read", "tickets:write", "audit:read"];
    const owner = keyEntry(`${KEY}_of_the_owner`, { id: "owner", scopes });
    site = await startSite({ keys: [owner], bindings: { EDGE_TICKET_SECRET: "a secret for tests of 32 letters." } });
  });
  after(() => site?.close());

  for (const command of of("curl")) {
    const path = /\$URL(\/[^"?]*)/.exec(command)?.[1] ?? "";
    test(command, async () => {
      assert.ok(ROUTES.includes(path), path);
      const { status, stdout } = await run(command, { URL: site.url, KEY: `${KEY}_of_the_owner` });
      assert.equal(status, 0);
      const answer = JSON.parse(stdout) as Record<string, unknown>;
      assert.equal(answer["code"], undefined, stdout);
      assert.equal(answer["status"] === "ok", path === "/healthz", stdout);
    });
  }
});

describe("the guide's entries of EDGE_KEYS", { timeout: 60_000 }, () => {
  for (const [index, block] of blocks(ENGLISH, "json").entries()) {
    test(`block ${index + 1} lets each of its keys in, also two of one id`, async () => {
      const written = JSON.parse(block) as KeyEntry[];
      assert.equal(new Set(written.map(({ id }) => id)).size, 1);
      const keys = written.map((entry, place) => ({ ...entry, sha256: keyEntry(`key_${place}`).sha256 }));
      const site = await startSite({ keys });
      try {
        for (const place of keys.keys()) {
          assert.equal((await site.ask("/api/transactions?limit=1", { key: `key_${place}` })).status, 200);
        }
      } finally {
        await site.close();
      }
    });
  }
});
