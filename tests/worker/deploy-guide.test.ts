/**
 * The guides worker/DEPLOY.md and worker/DEPLOY.vi.md: they say the same in both languages, and whoever follows them to the
 * letter, block by block, gets there: keys are minted with the guide's scopes, put into the file where it says so, sent by
 * wrangler to an API of ours, and `curl` asks a Worker with those secrets and the key that the guide names. Of wrangler's
 * other commands, which need a real account, command and switches must be in its own help.
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
import { startSite } from "./site.ts";
import type { KeyEntry, Site } from "./site.ts";

const read = (name: string): string => readFileSync(join(ROOT, "worker", name), "utf8");
const ENGLISH = read("DEPLOY.md");
const VIETNAMESE = read("DEPLOY.vi.md");

/** A block, and what stands between it and the one before. */
interface Block {
  readonly language: string;
  /** Without the indentation of the list that it may stand in. */
  readonly text: string;
  readonly prose: string;
}

function blocks(guide: string): Block[] {
  let end = 0;
  return [...guide.matchAll(/^( *)```(\w+)\n(.*?)^ *```$/gms)].map(({ 0: whole, 1: indent = "", 2: language = "", 3: text = "", index }) => {
    const prose = guide.slice(end, index);
    end = index + whole.length;
    return { language, text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""), prose };
  });
}

const lines = ({ text }: Block): string[] => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

const shell = (guide: string): Block[] => blocks(guide).filter(({ language }) => language === "sh");

const commands = (guide: string): string[] => shell(guide).flatMap(lines);

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
  "git pull --rebase",
  "git checkout ORIG_HEAD",
];

/** Commands that ask whoever is at the terminal. */
const ASKS = /^read |^npx wrangler (login|delete|rollback|secret delete|secret put (?!.* < ))/;

type Kind = "elsewhere" | "here" | "secret" | "wrangler" | "curl" | "variable";

function kind(command: string): Kind | undefined {
  if (ELSEWHERE.includes(command)) return "elsewhere";
  if (/^(npm run key -- |npm run deploy -- --dry-run$|node -p )/.test(command)) return "here";
  if (/^(URL=|read -rs )/.test(command)) return "variable";
  if (/^npx wrangler secret (put|list|delete) /.test(command)) return "secret";
  if (command.startsWith("npx wrangler ")) return "wrangler";
  return command.startsWith("curl ") ? "curl" : undefined;
}

const all = [...new Set(commands(ENGLISH))];
const of = (wanted: Kind): string[] => all.filter((command) => kind(command) === wanted);

describe("the guides in both languages", () => {
  test("have the same commands and JSON, in the same order", () => {
    assert.ok(commands(ENGLISH).length > 30);
    const plain = (guide: string): string[] => blocks(guide).map(({ language, text }) => `${language}\n${text}`);
    assert.deepEqual(plain(VIETNAMESE), plain(ENGLISH));
  });

  test("mean the same key wherever one is to be pasted", () => {
    const meant = (guide: string): unknown[] => shell(guide).filter(({ text }) => text.startsWith("read -rs KEY")).map(({ prose }) => named(prose));
    assert.ok(meant(ENGLISH).length >= 4);
    assert.deepEqual(meant(VIETNAMESE), meant(ENGLISH));
  });

  // Not every shell knows pasted lines from typed ones: the next line would be the answer.
  test("have nothing else in the block of a command that asks, and nothing after one that may", () => {
    for (const block of shell(ENGLISH)) {
      const here = lines(block);
      if (here.some((command) => ASKS.test(command))) assert.equal(here.length, 1, block.text);
      assert.ok(!here.slice(0, -1).includes("npm run deploy"), block.text);
    }
  });

  test("put what must wait an hour after the word", () => {
    for (const [guide, hour] of [[ENGLISH, "An hour later"], [VIETNAMESE, "Một giờ sau"]] as const) {
      const [first] = shell(guide).filter(({ text }) => text.includes("secret delete"));
      assert.ok(first?.prose.includes(hour), first?.prose);
    }
  });

  test("name what else can be set", () => {
    for (const name of ["SEPAY_STRICT_<NAME>", "SEPAY_API_TOKEN_<NAME>", "--profile shop2", '"SEPAY_STRICT": "true"']) {
      assert.ok(codeSpans(ENGLISH).some((span) => span === name), name);
    }
  });

  test("have the same names and headings", () => {
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

/** The key that a text asks for: the last that it names, and whether it means the one before. */
function named(prose: string): { id: string; isOld: boolean } {
  const id = [...prose.matchAll(/`(shop|checkout|owner)`/g)].at(-1)?.[1] ?? assert.fail(`which key? ${prose}`);
  return { id, isOld: /\bold\b|\bcũ(?!\p{L})/u.test(prose.slice(prose.lastIndexOf("\n", prose.lastIndexOf("`")))) };
}

/** A key as it was printed. */
interface Minted {
  readonly key: string;
  readonly entry: KeyEntry;
}

/** Somebody who follows the guide, with a shell, a file of entries, a password manager and a Cloudflare account. */
class Reader {
  readonly #cloudflare: Cloudflare;
  readonly #minted: Minted[] = [];
  readonly #secrets = new Map<string, string>();
  readonly #manager: string[] = [];
  readonly #shell: Record<string, string> = {};
  /** Whether the key in the shell should be refused. */
  #isOld = false;
  #lastTicket = "";
  #site: { readonly site: Site; readonly secrets: string } | undefined;

  constructor(cloudflare: Cloudflare) {
    this.#cloudflare = cloudflare;
  }

  async follow(block: Block): Promise<void> {
    // Sections are read on different days, and on another day nothing is left in the shell but what the guide says to set.
    if (/^##/m.test(block.prose)) for (const name of ["KEY", "TICKET"]) delete this.#shell[name];
    if (block.language === "json") this.#write(block.text);
    if (block.language !== "sh") return;
    for (const command of lines(block)) await this.#type(command, block.prose);
  }

  async close(): Promise<void> {
    await this.#site?.site.close();
  }

  /** What the last ticket that was made is told. */
  async ticketStatus(): Promise<number> {
    return (await (await this.#worker()).ask("/api/tickets/self", { key: this.#lastTicket })).status;
  }

  async #type(command: string, prose: string): Promise<void> {
    if (command.startsWith("npm run key ")) return this.#mint(command);
    if (command.startsWith("node -p ")) return void this.#manager.push((await this.#run(command)).trim());
    if (command.startsWith("URL=")) return void (this.#shell["URL"] = "the Worker's");
    if (command.startsWith("read -rs ")) return this.#paste(/^read -rs (\w+)/.exec(command)?.[1] ?? "", prose);
    if (command.startsWith("npx wrangler secret put ")) return this.#put(command);
    if (command.startsWith("npx wrangler secret delete ")) return this.#delete(command, prose);
    if (command.startsWith("npx wrangler secret list ")) return assert.match(await this.#run(command), /SEPAY_API_TOKEN/);
    if (command.startsWith("curl ")) return this.#ask(command);
  }

  async #run(command: string, input = "", env: Readonly<Record<string, string>> = this.#cloudflare.env): Promise<string> {
    const { status, stdout, stderr } = await run(command, env, input);
    assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
    return stdout;
  }

  async #mint(command: string): Promise<void> {
    const stdout = await this.#run(command);
    const key = /^edge_\w+$/m.exec(stdout)?.[0] ?? "";
    assert.ok(isWellFormed(key), stdout);
    this.#minted.push({ key, entry: JSON.parse(/^\{.*\}$/m.exec(stdout)?.[0] ?? "") as KeyEntry });
  }

  /** The guide's hash 000…N stands for the one that its Nth key has: each entry must be as it was printed. */
  #write(text: string): void {
    const entries = (JSON.parse(text) as KeyEntry[]).map((entry) => {
      const { entry: printed } = this.#minted[Number(entry.sha256) - 1] ?? assert.fail(`${entry.sha256} is minted later`);
      assert.deepEqual({ ...entry, sha256: printed.sha256 }, printed);
      return printed;
    });
    writeFileSync(keysFile, JSON.stringify(entries));
  }

  #paste(name: string, prose: string): void {
    if (name === "KEY") {
      const { id, isOld } = named(prose);
      const ofId = this.#minted.filter(({ entry }) => entry.id === id).map(({ key }) => key);
      this.#shell["KEY"] = ofId.at(isOld ? -2 : -1) ?? assert.fail(`${id} is not minted yet`);
      this.#isOld = isOld;
    } else if (name === "TICKET") {
      this.#shell["TICKET"] = this.#lastTicket;
    } else {
      assert.equal(name, "CLOUDFLARE_API_TOKEN");
    }
  }

  async #put(command: string): Promise<void> {
    const name = /secret put (\w+)/.exec(command)?.[1] ?? "";
    const pasted: Readonly<Record<string, string | undefined>> = {
      SEPAY_API_TOKEN: "SePay's token",
      EDGE_TICKET_SECRET: this.#manager.at(-1),
      EDGE_TICKET_SECRET_PREVIOUS: this.#secrets.get("EDGE_TICKET_SECRET"),
    };
    const isFile = command.endsWith(" < ../edge-keys.json");
    assert.equal(isFile, name === "EDGE_KEYS", command);
    const text = isFile ? readFileSync(keysFile, "utf8") : (pasted[name] ?? assert.fail(`nothing to paste: ${command}`));
    if (name !== "SEPAY_API_TOKEN") assert.notEqual(text, this.#secrets.get(name), `${command} changes nothing`);
    await this.#run(command, isFile ? "" : text);
    assert.deepEqual(this.#cloudflare.secrets.at(-1), { name, text, type: "secret_text" });
    this.#secrets.set(name, text);
    if (isFile) await this.#seeWhoIsLetIn();
    if (name === "EDGE_TICKET_SECRET" && this.#secrets.has("EDGE_TICKET_SECRET_PREVIOUS")) {
      assert.equal(await this.ticketStatus(), 200, "a ticket of the old secret is still good");
    }
  }

  async #delete(command: string, prose: string): Promise<void> {
    const name = /secret delete (\w+)/.exec(command)?.[1] ?? "";
    assert.ok(this.#secrets.has(name) || prose.includes("If there is"), `${name} was never put`);
    await this.#run(command);
    assert.equal(this.#cloudflare.asked.at(-1), `DELETE /workers/scripts/sepay-edge/secrets/${name}`);
    this.#secrets.delete(name);
  }

  /** The keys of the file are, and those that were taken out are not. */
  async #seeWhoIsLetIn(): Promise<void> {
    const site = await this.#worker();
    const inForce = (JSON.parse(this.#secrets.get("EDGE_KEYS") ?? "") as KeyEntry[]).map(({ sha256 }) => sha256);
    assert.ok(inForce.includes(this.#minted.at(-1)?.entry.sha256 ?? ""), "the newest entry is in the file");
    for (const { key, entry } of this.#minted) {
      assert.equal((await site.ask("/api/tickets/self", { key })).status, inForce.includes(entry.sha256) ? 200 : 401, entry.id);
    }
  }

  async #ask(command: string): Promise<void> {
    for (const [, name = ""] of command.matchAll(/\$(\w+)/g)) assert.ok(this.#shell[name], `${name} is not set: ${command}`);
    const { url } = await this.#worker();
    const stdout = await this.#run(command, "", { ...this.#shell, URL: url });
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    const isRefused = this.#isOld && command.includes("$KEY");
    assert.equal(answer["status"] === "ok", command.includes("/healthz"), stdout);
    // A problem has a status beside its code.
    assert.deepEqual([answer["code"], answer["status"] === 401], isRefused ? ["unauthorized", true] : [undefined, false], `${command}\n${stdout}`);
    if (command.includes(" -d ")) this.#lastTicket = String(answer["ticket"]);
    if (command.endsWith('/tickets/self"')) assert.equal(answer["kind"], "ticket", stdout);
  }

  /** A Worker with the secrets of now. */
  async #worker(): Promise<Site> {
    const bindings = Object.fromEntries([...this.#secrets].filter(([name]) => name !== "SEPAY_API_TOKEN"));
    const secrets = JSON.stringify(bindings);
    if (this.#site?.secrets !== secrets) {
      await this.#site?.site.close();
      this.#site = { site: await startSite({ bindings }), secrets };
    }
    return this.#site.site;
  }
}

describe("whoever follows the guide", { timeout: 600_000 }, () => {
  let cloudflare: Cloudflare;
  let reader: Reader;

  before(async () => {
    cloudflare = await startCloudflare(["SEPAY_API_TOKEN"], "canary-cloudflare-token");
    reader = new Reader(cloudflare);
  });
  after(async () => {
    await reader?.close();
    await cloudflare?.close();
  });

  test("gets there, block by block", async () => {
    for (const block of blocks(ENGLISH)) await reader.follow(block);
  });

  test("ends with other keys and another ticket secret than at first", async () => {
    const names = cloudflare.secrets.map(({ name }) => name);
    assert.deepEqual([names.filter((name) => name === "EDGE_KEYS").length, names.filter((name) => name === "EDGE_TICKET_SECRET").length], [6, 3]);
    assert.equal(await reader.ticketStatus(), 401);
  });
});

describe("what the guide runs on this machine", { timeout: 600_000 }, () => {
  test("npm run deploy -- --dry-run", async () => {
    const { status, stdout, stderr } = await run("npm run deploy -- --dry-run");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /--dry-run: exiting now\./);
  });

  test("the ticket secret has 64 characters: the Worker wants 32", async () => {
    const [command = ""] = of("here").filter((each) => each.startsWith("node -p"));
    assert.match((await run(command)).stdout, /^[\w+/]{64}\n$/);
  });

  test("Cloudflare's token is read and exported, and stands in no command", async () => {
    const [command = ""] = all.filter((each) => each.includes("CLOUDFLARE_API_TOKEN"));
    const { stdout } = await run(`bash -c '${command}; env'`, {}, "pasted\n");
    assert.ok(stdout.split("\n").includes("CLOUDFLARE_API_TOKEN=pasted"), stdout);
  });
});

describe("what the guide says to wrangler", { timeout: 180_000 }, () => {
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
