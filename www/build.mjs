/**
 * Builds the page (a document, a style sheet, a script, and the scripts of the parts that are fetched when they are first
 * shown), the pages /docs, the contract, and the headers they are served with. It reads www/ and the client that the page uses
 * (src/js/npm/src/edge.ts), and writes one folder, which the Worker serves as static assets.
 */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

import { docsPages } from "./docs/pages.mjs";

const here = import.meta.dirname;
const copied = ["index.html", "docs.css", "openapi.json", "_headers"];

/**
 * Empties `outDir` and fills it with the built page.
 * @param {string} [outDir] the folder to replace; www/dist unless told otherwise
 * @returns {Promise<string>} that folder
 */
export async function buildPage(outDir = join(here, "dist")) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const { metafile } = await build({
    entryPoints: { app: join(here, "src/main.tsx"), style: join(here, "style.css") },
    outdir: outDir,
    bundle: true,
    splitting: true,
    // The name says what is in it, so that it may be kept for ever (_headers).
    chunkNames: "parts/[name]-[hash]",
    format: "esm",
    target: ["es2022", "chrome109", "safari15.4", "firefox115"],
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    minify: true,
    sourcemap: false,
    metafile: true,
    logLevel: "warning",
  });
  // Otherwise its process would live as long as ours.
  await stop();
  await Promise.all(copied.map((name) => cp(join(here, name), join(outDir, name))));
  await preload(outDir, firstChunks(metafile, relative(process.cwd(), join(outDir, "app.js"))));
  await writeDocs(outDir);
  return outDir;
}

/**
 * The files that a built file needs at once, and those that they need.
 * @param {import("esbuild").Metafile} metafile
 * @param {string} output
 * @returns {string[]}
 */
function firstChunks({ outputs }, output) {
  const imports = outputs[output]?.imports ?? [];
  const first = imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path);
  return [...new Set(first.flatMap((path) => [path, ...firstChunks({ inputs: {}, outputs }, path)]))];
}

/**
 * Names in the document what the script will ask for, so that it comes along with the script and not after it.
 * @param {string} outDir
 * @param {string[]} chunks
 */
async function preload(outDir, chunks) {
  const document = join(outDir, "index.html");
  const links = chunks.map((chunk) => `  <link rel="modulepreload" href="/${relative(relative(process.cwd(), outDir), chunk)}">\n`);
  const html = await readFile(document, "utf8");
  await writeFile(document, html.replace("</head>", () => `${links.join("")}</head>`));
}

/**
 * Writes /docs and /docs/en.
 * @param {string} outDir
 */
async function writeDocs(outDir) {
  const contract = JSON.parse(await readFile(join(here, "openapi.json"), "utf8"));
  await mkdir(join(outDir, "docs"));
  await Promise.all(Object.entries(docsPages(contract)).map(([name, html]) => writeFile(join(outDir, name), html)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`page built in ${await buildPage()}`);
}
