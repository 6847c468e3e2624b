/**
 * Where the program runs: whether a stranger can read its memory, what it calls itself, and the token that its
 * environment holds. Reads globals only, each with care: any of them may be absent, replaced or forbidden.
 */

/** The globals that tell runtimes apart; none is sure to be there. */
interface Globals {
  process?: { versions?: { node?: unknown }; env?: Record<string, unknown>; type?: unknown };
  Deno?: {
    version?: { deno?: unknown };
    permissions?: { querySync?: (what: { name: "env"; variable: string }) => { state: string } };
  };
  EdgeRuntime?: unknown;
  navigator?: { userAgent?: unknown };
  window?: unknown;
  document?: unknown;
  importScripts?: unknown;
  location?: unknown;
}

const TOKEN_VARIABLE = "SEPAY_API_TOKEN";

/**
 * Says whether this is a browser: a page, or a worker of one. A server that plays browser (jsdom, happy-dom) is
 * none: what counts is that Node, Bun or Deno runs it. Electron's renderer is one although it has Node.
 */
export function isBrowser(globals: unknown = globalThis): boolean {
  const { process, Deno, EdgeRuntime, navigator, window, document, importScripts, location } = globals as Globals;
  if (process?.type === "renderer") return true;
  // Bun and workerd's compatibility layer name a Node version too; a bundler's stand-in for `process` does not.
  const isServer = typeof process?.versions?.node === "string" || Deno?.version?.deno !== undefined;
  if (isServer || EdgeRuntime !== undefined || navigator?.userAgent === "Cloudflare-Workers") return false;
  // Every worker of a browser has `importScripts` and a location; workerd has neither.
  return (!!window && !!document) || (typeof importScripts === "function" && !!location);
}

/** The runtime's name and version, `Node.js/24`; "unknown" when it has none. */
export function runtimeName(globals: unknown = globalThis): string {
  const { navigator, process } = globals as Globals;
  // A browser's own is long and says who its user is.
  const known = /^(?:Node\.js|Deno|Bun|Cloudflare-Workers)[\w./-]*$/.exec(String(navigator?.userAgent));
  const node = process?.versions?.node;
  return known?.[0] ?? (typeof node === "string" ? `Node.js/${node.replace(/\..*/, "")}` : "unknown");
}

/** The environment's token; none where there is no environment, or no permission to read it. */
export function environmentToken(globals: unknown = globalThis): string | undefined {
  try {
    const { process, Deno } = globals as Globals;
    // Deno would stop the program and ask its user for the permission.
    const permission = Deno?.permissions?.querySync?.({ name: "env", variable: TOKEN_VARIABLE });
    if (permission && permission.state !== "granted") return undefined;
    const token = process?.env?.[TOKEN_VARIABLE];
    return typeof token === "string" && token !== "" ? token : undefined;
  } catch {
    return undefined;
  }
}
