/**
 * Where the browser tests find a site: the real Worker on workerd in front of the sandbox. With PAGE_URL and PAGE_KEY
 * in the environment (and PAGE_LIMITED_KEY, a key limited to some accounts, if there is one) it is a site that runs
 * already.
 */
import { KEY, keyEntry, startSite as startWorkerSite } from "../worker/site.ts";

/** A running site that serves the page and its JSON routes. */
export interface Site {
  /** Without a slash at the end. */
  url: string;
  key: string;
  limitedKey?: string;
  close(): Promise<void>;
}

const LIMITED_KEY = "edge_test_key_limited_to_one_account";

/** Starts the site under test, or joins the one that the environment names. */
export async function startSite(): Promise<Site> {
  const { PAGE_URL: url, PAGE_KEY: key, PAGE_LIMITED_KEY: limitedKey } = process.env;
  if (!url || !key) return startOwnSite();
  const site = { url: url.replace(/\/+$/, ""), key, close: async () => {} };
  return limitedKey ? { ...site, limitedKey } : site;
}

async function startOwnSite(): Promise<Site> {
  const limited = keyEntry(LIMITED_KEY, { id: "limited", accounts: ["0071000888888"] });
  const { url, close } = await startWorkerSite({ keys: [limited] });
  return { url, key: KEY, limitedKey: LIMITED_KEY, close };
}
