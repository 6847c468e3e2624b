/**
 * Where the browser tests find a site. With PAGE_URL and PAGE_KEY in the environment (and PAGE_LIMITED_KEY, a
 * key limited to some accounts, if there is one) it is a site that runs already; otherwise the stub.
 */
import { startStub } from "./stub.ts";

/** A running site that serves the page and its JSON routes. */
export interface Site {
  /** Without a slash at the end. */
  url: string;
  key: string;
  limitedKey?: string;
  close(): Promise<void>;
}

/** Starts the site under test, or joins the one that the environment names. */
export async function startSite(): Promise<Site> {
  const { PAGE_URL: url, PAGE_KEY: key, PAGE_LIMITED_KEY: limitedKey } = process.env;
  if (!url || !key) return startStub();
  const site = { url: url.replace(/\/+$/, ""), key, close: async () => {} };
  return limitedKey ? { ...site, limitedKey } : site;
}
