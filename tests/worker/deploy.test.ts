/**
 * `npm run deploy`: what it says before it deploys, what leaves the machine (nothing in a dry run; else what wrangler sends
 * to an API of ours), and what worker/wrangler.jsonc and worker/.dev.vars.example must stay.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { unstable_readConfig } from "wrangler";

import { SECRETS, faults, missing, variables } from "../../scripts/deploy-check.ts";
import { ROOT } from "../../scripts/tools.ts";
import { startCloudflare } from "./deploy-cloudflare.ts";
import { startSite } from "./site.ts";

const CONFIG = join(ROOT, "worker/wrangler.jsonc");

/** What must never be printed or sent: Cloudflare's token, and SePay's from the shell of whoever deploys. */
const CANARIES = ["canary-cloudflare-token", "canary-sepay-token"];

const scratch = mkdtempSync(join(tmpdir(), "sepay-edge-deploy-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as npm does, as somebody who was never logged in. */
function deploy(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return run(process.execPath, [join(ROOT, "scripts/run.mjs"), "deploy", ...args], env);
}

/** Runs a program in the checkout. Wrangler keeps its files in a folder of the test. */
async function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLOUDFLARE|CF|WRANGLER|SEPAY|EDGE)_/.test(name));
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...Object.fromEntries(own), XDG_CONFIG_HOME: scratch, WRANGLER_LOG_PATH: scratch, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...texts };
}

/** The lines of wrangler's table of bindings. */
function bindings(stdout: string): string[] {
  return stdout.split("\n").filter((line) => line.startsWith("env.")).map((line) => line.replace(/ {2,}/g, " | ").trim().replace(/ \|$/, ""));
}

// Long enough to compile the Worker, where the build is not at hand.
describe("npm run deploy", { timeout: 600_000 }, () => {
  test("a dry run lists the bindings, writes the Worker and sends nothing", async () => {
    const cloudflare = await startCloudflare([], CANARIES[0] ?? "");
    const outputs = join(scratch, "outputs");
    const { status, stdout, stderr } = await deploy(["--dry-run", "--outdir", outputs], cloudflare.env);
    await cloudflare.close();
    assert.equal(status, 0, stderr);
    assert.deepEqual(cloudflare.asked, []);
    assert.deepEqual(bindings(stdout), [
      "env.GATE (Gate) | Durable Object",
      'env.SEPAY_BASE_URL ("https://my.sepay.vn") | Environment Variable',
      'env.SEPAY_REQUESTS_PER_SECOND ("2") | Environment Variable',
      'env.EDGE_ORIGINS ("") | Environment Variable',
      'env.EDGE_LOGS ("all") | Environment Variable',
    ]);
    assert.match(stdout, /--dry-run: exiting now\./);
    const written = readdirSync(outputs);
    assert.deepEqual(written.filter((name) => /\.(js|wasm)$/.test(name)).map((name) => name.replace(/^[0-9a-f]{40}-/, "")).toSorted(), ["index.js", "index_bg.wasm"]);
    assert.match(readFileSync(join(outputs, "index.js"), "utf8"), /\bGate\b/);
    assert.equal(stderr, "sepay-edge: a dry run: nothing leaves this machine, and which secrets are set is not asked.\n");
  });

  test("without a login, one sentence says what to do, and nothing is built", async () => {
    const { status, stdout, stderr } = await deploy([], { HOME: scratch });
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^sepay-edge: you are not logged in to Cloudflare: run `npx wrangler login` and try again [^\n]+\n$/);
  });

  test("the first deployment says which secrets are missing, and uploads what the file says", async () => {
    const cloudflare = await startCloudflare(undefined, CANARIES[0] ?? "");
    const { status, stdout, stderr } = await deploy([], { ...cloudflare.env, SEPAY_API_TOKEN: CANARIES[1] ?? "", EDGE_TICKET_SECRET: CANARIES[1] ?? "" });
    await cloudflare.close();
    assert.equal(status, 0, stdout + stderr);
    for (const name of ["SEPAY_API_TOKEN", "EDGE_KEYS", "EDGE_TICKET_SECRET"]) {
      assert.match(stderr, new RegExp(`^sepay-edge: ${name} is not set, .*\`npx wrangler secret put ${name} --config worker/wrangler.jsonc\`\\.$`, "m"));
    }
    assert.equal(cloudflare.uploads.length, 1);
    const { metadata, modules, text } = cloudflare.uploads[0] ?? assert.fail();
    assert.deepEqual(metadata["bindings"], [
      { name: "SEPAY_BASE_URL", type: "plain_text", text: "https://my.sepay.vn" },
      { name: "SEPAY_REQUESTS_PER_SECOND", type: "plain_text", text: "2" },
      { name: "EDGE_ORIGINS", type: "plain_text", text: "" },
      { name: "EDGE_LOGS", type: "plain_text", text: "all" },
      { name: "GATE", type: "durable_object_namespace", class_name: "Gate" },
    ]);
    assert.deepEqual(metadata["migrations"], { new_tag: "v1", steps: [{ new_sqlite_classes: ["Gate"] }] });
    assert.deepEqual(metadata["keep_bindings"], ["secret_text", "secret_key"], "a deployment keeps the secrets");
    assert.deepEqual(metadata["code_update_strategy"], { mode: "immediate" });
    const { logs, ...others } = metadata["observability"] as { logs: unknown };
    assert.deepEqual(logs, { enabled: true, invocation_logs: false });
    assert.deepEqual(others, { enabled: true, head_sampling_rate: 1, traces: { enabled: false }, redact_query_string: true });
    assert.equal(metadata["placement"], undefined);
    assert.ok(modules.includes("index.js") && modules.some((name) => name.endsWith("index_bg.wasm")));
    for (const canary of [...CANARIES, ROOT]) assert.ok(!(stdout.replaceAll(join(ROOT, "www/dist"), "") + stderr + text).includes(canary), canary);
  });

  test("with all secrets in place nothing is said to be missing, and the Worker of another name is asked for by it", async () => {
    const cloudflare = await startCloudflare(SECRETS.slice(0, 3), CANARIES[0] ?? "");
    const known = await deploy([], cloudflare.env);
    const other = await deploy(["--name", "sepay-edge-two", "--dry-run=false"], cloudflare.env);
    await cloudflare.close();
    assert.deepEqual([known.status, known.stderr], [0, ""]);
    assert.match(other.stderr, /EDGE_KEYS is not set/);
    assert.ok(cloudflare.asked.includes("GET /workers/scripts/sepay-edge-two/secrets"));
  });

  test("a wrong variable stops it before anything is asked or built", async () => {
    const cloudflare = await startCloudflare([], CANARIES[0] ?? "");
    const { status, stdout, stderr } = await deploy(["--var", "EDGE_ORIGINS:https://shop.example.vn/"], cloudflare.env);
    await cloudflare.close();
    assert.deepEqual([status, stdout, cloudflare.asked], [1, "", []]);
    assert.match(stderr, /^sepay-edge: EDGE_ORIGINS: 'https:\/\/shop\.example\.vn\/' is no origin .*\nsepay-edge: nothing was deployed; .*\n$/);
  });

  const taken: readonly [readonly string[], string][] = [
    [["--dry-run"], "--dry-run"],
    [["--name=sepay-edge-two"], "--name"],
    [["--env", "staging", "--", "--dry-run"], "--env"],
    [["--dry-run", "--", "--minify"], "--dry-run"],
  ];
  for (const [args, flags] of taken) {
    test(`npm run deploy ${args.join(" ")}, of which npm keeps ${flags} for itself, deploys nothing and says so`, async () => {
      const cloudflare = await startCloudflare([], CANARIES[0] ?? "");
      const { status, stderr } = await run("npm", ["run", "deploy", ...args], cloudflare.env);
      await cloudflare.close();
      assert.deepEqual([status, cloudflare.asked], [1, []]);
      const sentence = `sepay-edge: npm took ${flags} for itself, and nothing was done: put \`--\` after \`deploy\`, as in \`npm run deploy -- ${flags}\`.`;
      assert.ok(stderr.split("\n").includes(sentence), stderr);
    });
  }

  test("what npm was told and the command too is no mistake", async () => {
    const { status, stderr } = await deploy(["--dry-run=true"], { npm_config_dry_run: "true" });
    assert.equal(status, 0, stderr);
  });
});

describe("what is wrong with variables", () => {
  const good = unstable_readConfig({ config: CONFIG }).vars;

  test("nothing, as they stand", () => assert.deepEqual(faults(good), []));

  test("nothing, with values that work", () => {
    for (const vars of [
      { EDGE_ORIGINS: "https://a.example, https://b.example:8443\nhttp://127.0.0.1:3000", EDGE_LOGS: "errors" },
      { EDGE_LOGS: "off", SEPAY_REQUESTS_PER_SECOND: "50", SEPAY_BASE_URL: "https://userapi.sepay.vn/x" },
      { EDGE_LOGS: "", SEPAY_STRICT: "true", SEPAY_STRICT_SHOP: "false" },
      { EDGE_ORIGINS: "", SEPAY_STRICT: "" },
    ]) {
      assert.deepEqual(faults({ ...good, ...vars }), []);
    }
    assert.deepEqual(faults({}), []);
  });

  const wrong: readonly [string, string, RegExp][] = [
    ["EDGE_ORIGINS", "*", /^EDGE_ORIGINS: '\*' is no origin as browsers send it, such as https:\/\/shop\.example\.vn:/],
    ["EDGE_ORIGINS", "https://*.example.vn/", /^EDGE_ORIGINS: /],
    ...["https://*.example.vn", "https://*", "ftp://x.vn", "wss://a.vn"].map((origin): [string, string, RegExp] => ["EDGE_ORIGINS", origin, /^EDGE_ORIGINS: '[^']+' is no origin as browsers send it, such as https:\/\/shop/]),
    ["EDGE_ORIGINS", "shop.example.vn", /^EDGE_ORIGINS: 'shop\.example\.vn'/],
    ["EDGE_ORIGINS", "HTTPS://Shop.example.vn", /browsers send it, https:\/\/shop\.example\.vn here:/],
    ["EDGE_ORIGINS", "https://a.example,https://b.example/pay", /^EDGE_ORIGINS: 'https:\/\/b\.example\/pay'/],
    ["EDGE_ORIGINS", "null", /^EDGE_ORIGINS: 'null'/],
    ["EDGE_LOGS", "none", /^EDGE_LOGS should be all, errors, off; it is 'none'\.$/],
    ...["yes", "1", "TRUE", "on"].map((value): [string, string, RegExp] => ["SEPAY_STRICT", value, new RegExp(`^SEPAY_STRICT should be the text true or false; it is '${value}'\\.$`)]),
    ["SEPAY_STRICT_SHOP", "yes", /^SEPAY_STRICT_SHOP should be/],
    ["SEPAY_BASE_URL", "http://my.sepay.vn", /^SEPAY_BASE_URL should begin with https:\/\//],
    ["SEPAY_BASE_URL", "my.sepay.vn", /^SEPAY_BASE_URL should/],
    ...["0", "51", "2.5", "-1", "fast", "1e1"].map((rate): [string, string, RegExp] => ["SEPAY_REQUESTS_PER_SECOND", rate, /^SEPAY_REQUESTS_PER_SECOND should be a whole number/]),
    ...[...SECRETS, "SEPAY_API_TOKEN_SHOP"].map((name): [string, string, RegExp] => [name, "canary", new RegExp(`^${name} is a secret, .*secret put ${name} `)]),
  ];
  for (const [name, value, sentence] of wrong) {
    test(`${name}=${value} is told by name`, () => {
      const found = faults({ ...good, [name]: value });
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", sentence);
      if (value === "canary") assert.ok(!found.join().includes(value), "the value of a secret is not told");
    });
  }

  test("a switch that is no text is told: the Worker reads texts only", () => {
    assert.deepEqual(faults({ ...good, SEPAY_STRICT: true }), ["SEPAY_STRICT should be the text true or false; it is true."]);
  });

  test("each origin that the Worker refuses is told, and no other", () => {
    const found = faults({ EDGE_ORIGINS: "https://a.example, https://*.b.example https://c.example,ftp://d.example" });
    assert.deepEqual(found.map((sentence) => sentence.split("'")[1]), ["https://*.b.example", "ftp://d.example"]);
  });

  // What wrangler 4.164.0 was seen to take in dry runs.
  const several: readonly [string, Record<string, unknown>][] = [
    ["--var A:1 EDGE_ORIGINS:*", { A: "1", EDGE_ORIGINS: "*" }],
    ["--var=A:1 B:2", { A: "1", B: "2" }],
    ["--var A:1 --var B:2 C:3", { A: "1", B: "2", C: "3" }],
    ["i.js --var A:1 -- C:3", { A: "1" }],
    ["--var A:1 --minify B:2", { A: "1" }],
    ["--var A:1:2 B", { A: "1:2", B: "" }],
  ];
  for (const [line, expected] of several) {
    test(`${line} sets ${Object.keys(expected).join(" and ")}`, () => assert.deepEqual(variables({}, line.split(" ")), expected));
  }

  test("those on the command line count", () => {
    const args = ["--dry-run", "--var", "EDGE_LOGS:errors", "--var=SEPAY_BASE_URL:https://x.example", "--name", "--var"];
    assert.deepEqual(variables({ EDGE_LOGS: "all", A: "1" }, args), { EDGE_LOGS: "errors", SEPAY_BASE_URL: "https://x.example", A: "1" });
  });

  test("another profile's token is a token, and secrets nobody could ask for are named all the same", () => {
    assert.deepEqual(missing(["SEPAY_API_TOKEN_SHOP", "EDGE_KEYS", "EDGE_TICKET_SECRET"]), []);
    assert.match(missing(undefined).join(), /needs SEPAY_API_TOKEN and EDGE_KEYS/);
    assert.equal(missing(["EDGE_TICKET_SECRET_PREVIOUS"]).length, 3);
  });
});

describe("worker/wrangler.jsonc", () => {
  const config = unstable_readConfig({ config: CONFIG });

  test("migrations are append-only: v1 is the gate's, and each tag is there once", () => {
    const migrations = config.migrations as readonly { readonly tag: string }[];
    const tags = migrations.map(({ tag }) => tag);
    assert.deepEqual(migrations[0], { tag: "v1", new_sqlite_classes: ["Gate"] });
    assert.equal(new Set(tags).size, tags.length);
  });

  test("its example of an address of one's own works when it is uncommented", () => {
    const text = readFileSync(CONFIG, "utf8");
    const uncommented = text.replace('// "routes"', '"routes"');
    assert.notEqual(uncommented, text);
    const path = join(scratch, "wrangler.jsonc");
    writeFileSync(path, uncommented);
    assert.deepEqual(unstable_readConfig({ config: path }).routes, [{ pattern: "pay.example.vn", custom_domain: true }]);
  });
});

describe("worker/.dev.vars.example", { timeout: 60_000 }, () => {
  const lines = readFileSync(join(ROOT, "worker/.dev.vars.example"), "utf8").split("\n");

  test("sets nothing: each line that did would be offered as a production secret by a Deploy button", () => {
    assert.deepEqual(lines.filter((line) => !/^\s*(#|$)/.test(line)), []);
  });

  test("opens nothing when every setting in it is uncommented as it stands", async () => {
    const settings = lines.flatMap((line) => (/^# [A-Z_]+=/.test(line) ? [line.slice(2)] : []));
    const bindings = Object.fromEntries(settings.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
    assert.deepEqual(Object.keys(bindings), SECRETS);
    const site = await startSite({ bindings });
    try {
      for (const key of [undefined, null, "[]", "''", "edge_demo_key_for_the_sandbox_only"]) {
        const reply = await site.ask("/api/transactions?limit=1", key === undefined ? {} : { key });
        assert.equal(reply.status, 401, String(key));
      }
      assert.equal(site.sandbox.counters().requests, 0, "SePay was not asked");
    } finally {
      await site.close();
    }
  });
});
