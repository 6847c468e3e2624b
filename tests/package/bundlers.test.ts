/** The packed package where a bundler stands in between: wrangler and workerd, a Vite SSR build, a Next.js server route. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { host } from "../../scripts/worker.ts";
import type { RunningWorker } from "../../scripts/worker.ts";
import { ROOT } from "../../scripts/tools.ts";
import { startSandbox } from "../sandbox/server.ts";
import { ask, check, placeOf, program } from "./ask.ts";
import type { Asked } from "./ask.ts";
import { folderAmongHosts, script } from "./hosts.ts";
import { installed } from "./project.ts";
import type { Project } from "./project.ts";

const sandbox = await startSandbox({ requestsPerSecond: 50 });
const place = placeOf(sandbox);
const projects: Project[] = [];

after(async () => {
  for (const project of projects) project.remove();
  await sandbox.close();
});

async function newProject(folder?: string): Promise<Project> {
  const project = await installed(folder);
  projects.push(project);
  sandbox.reset(["counters"]);
  return project;
}

/** What a server that was started by a test answers. */
async function fetchAsked(url: string): Promise<Asked> {
  const answer = await fetch(url);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as Asked;
}

/** Bundles a Worker as wrangler does and starts it in workerd. */
async function startShop(source: string): Promise<RunningWorker> {
  const project = await newProject();
  project.write({
    "wrangler.json": JSON.stringify({ name: "shop", main: "shop.js", compatibility_date: "2026-08-04" }),
    "shop.js": source,
  });
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  const { code, stdout, stderr } = await project.run(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", "out"]);
  assert.equal(code, 0, stdout + stderr);
  const out = join(project.folder, "out");
  const wasm = readdirSync(out).filter((file) => file.endsWith(".wasm"));
  assert.equal(wasm.length, 1, readdirSync(out).join());
  const modules = [
    { type: "ESModule", path: join(out, "shop.js") },
    ...wasm.map((file) => ({ type: "CompiledWasm", path: join(out, file) })),
  ];
  const shop = { name: "shop", rootPath: out, modulesRoot: out, modules, compatibilityDate: "2026-08-04" };
  return await host(shop, { port: 0, stateDir: join(project.folder, "state") });
}

test("a Worker that wrangler has bundled takes the wasm as a file, and workerd runs it", async () => {
  const worker = await startShop(`
      import * as client from "@sepay-edge/client";
      ${ask}
      export default { fetch: async () => Response.json(await ask(client, ${JSON.stringify(place)})) };`);
  try {
    check(await fetchAsked(worker.url), sandbox);
  } finally {
    await worker.close();
  }
});

test("requests to a Worker share one client, and none waits for a timer or an answer of one that is over", async () => {
  const worker = await startShop(`
      import { SePay } from "@sepay-edge/client";
      const sepay = new SePay({ baseURL: "${place.baseURL}", apiToken: "${place.apiToken}", requestsPerSecond: 2 });
      export default { fetch: async () => Response.json(await sepay.transactions.count()) };`);
  try {
    // Two leave while they wait: their timers and promises end with them.
    const leaving = new AbortController();
    const gone = [1, 2].map(() => fetch(worker.url, { signal: leaving.signal }).catch((cause: Error) => cause.name));
    const asked = Array.from({ length: 6 }, async () => (await fetch(worker.url)).json());
    const first = await Promise.race(asked);
    leaving.abort();
    const count = sandbox.data().transactions.length;
    assert.equal(first, count);
    assert.deepEqual(await Promise.all(asked), Array(6).fill(count));
    await Promise.all(gone);
    assert.equal(await fetch(worker.url).then((answer) => answer.json()), count);
  } finally {
    await worker.close();
  }
});

test("a server that Vite has bundled needs no file beside its bundle, wherever it is moved", async () => {
  const project = await newProject(folderAmongHosts());
  project.write({
    "server.js": program("esm", place),
    "vite.config.js": 'export default { logLevel: "warn", ssr: { noExternal: true }, build: { ssr: "server.js", outDir: "out" } };',
  });
  const { code, stdout, stderr } = await project.run(process.execPath, [script("vite/bin/vite.js"), "build"]);
  assert.equal(code, 0, stdout + stderr);
  const moved = join(mkdtempSync(join(tmpdir(), "sepay-edge-moved-")), "out");
  renameSync(join(project.folder, "out"), moved);
  const [bundle, ...rest] = readdirSync(moved);
  assert.deepEqual(rest, []);
  try {
    check(await project.read<Asked>(process.execPath, [join(moved, bundle ?? "")]), sandbox);
  } finally {
    rmSync(join(moved, ".."), { recursive: true });
  }
});

test("a Next.js server route asks, after a build", async () => {
  const folder = folderAmongHosts();
  const project = await newProject(folder);
  project.write({
    "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(join(folder, ".."))} } };`,
    "app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;",
    "app/page.js": "export default () => <p>shop</p>;",
    "app/asked/route.js": `
      import * as client from "@sepay-edge/client";
      ${ask}
      export const dynamic = "force-dynamic";
      export const GET = async () => Response.json(await ask(client, ${JSON.stringify(place)}));`,
  });
  const next = script("next/dist/bin/next");
  const { code, stdout, stderr } = await project.run(process.execPath, [next, "build"]);
  assert.equal(code, 0, stdout + stderr);
  const args = [next, "start", "--hostname", "127.0.0.1", "--port", "0"];
  const [match, server] = await project.start(process.execPath, args, /http:\/\/127\.0\.0\.1:\d+(?=[\s\S]*Ready)/);
  try {
    check(await fetchAsked(`${match[0]}/asked`), sandbox);
  } finally {
    await ended(server);
  }
});

async function ended(server: ChildProcess): Promise<void> {
  const closed = once(server, "close");
  server.kill("SIGTERM");
  await closed;
}
