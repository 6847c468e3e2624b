// What `npm start` serves beyond what is deployed, while SePay is the sandbox: the sandbox's door in front of the Worker, and
// a copy of the page that names it. The built Worker and the built page stay as they are.

import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { buildSync } from "esbuild";

import { DOOR_PATH } from "./sandbox-door.ts";

/** A Worker as miniflare describes one: of its static files only the folder is changed here. */
export interface DescribedWorker {
  readonly name: string;
  readonly modulesRoot: string;
  readonly modules: readonly object[];
  readonly assets?: { readonly directory: string };
}

/** By which the page knows that there is a sandbox, and where its door is. */
export const DOOR_META = `<meta name="sepay-sandbox" content="${DOOR_PATH}">`;

/** Puts the door in front of a Worker. The page, copied into `pageDir`, is told of it. */
export function withSandboxDoor<W extends DescribedWorker>(worker: W, sandboxUrl: string, pageDir: string): W {
  const module = (name: string, contents: string): object => ({ type: "ESModule", path: join(worker.modulesRoot, name), contents });
  const modules = [module("with-door.js", front(sandboxUrl)), module("door.js", compiledDoor()), ...worker.modules];
  if (worker.assets === undefined) return { ...worker, modules };
  copyPage(worker.assets.directory, pageDir);
  return { ...worker, modules, assets: { ...worker.assets, directory: pageDir } };
}

/** The main module. It takes one path, and is in all else the Worker that it imports, whose Durable Object it exports too. */
function front(sandboxUrl: string): string {
  return `
    import worker from "./index.js";
    import { answerAtDoor, isForDoor } from "./door.js";
    export * from "./index.js";
    export default {
      fetch: (request, env, context) =>
        isForDoor(request.url) ? answerAtDoor(request, ${JSON.stringify(sandboxUrl)}) : worker.fetch(request, env, context),
    };`;
}

function compiledDoor(): string {
  const entryPoints = [join(import.meta.dirname, "sandbox-door.ts")];
  const { outputFiles } = buildSync({ entryPoints, bundle: true, format: "esm", target: "es2023", write: false });
  return outputFiles[0]?.text ?? "";
}

function copyPage(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  const file = join(to, "index.html");
  writeFileSync(file, withMeta(readFileSync(file, "utf8")));
}

function withMeta(html: string): string {
  const [head, ...rest] = html.split("</head>");
  if (rest.length !== 1) throw new Error(`the page has ${rest.length} times </head>, where there should be one`);
  return `${head}${DOOR_META}\n</head>${rest.join("")}`;
}
