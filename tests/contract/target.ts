/** The Worker as strangers attack it: in front of a sandbox at 50 requests a second, with a key that has every right. */
import { keyEntry, startSite } from "../worker/site.ts";
import type { KeyEntry, Site } from "../worker/site.ts";

/** A key with every scope. */
export const EVERYTHING = "edge_test_key_that_may_everything";

/** Every scope that there is. */
export const SCOPES = ["accounts:read", "transactions:read", "metrics:read", "tickets:write", "audit:read"];

/** Starts it, with more keys if there are any. */
export async function startTarget(keys: readonly KeyEntry[] = []): Promise<Site> {
  const key = keyEntry(EVERYTHING, { id: "everything", scopes: SCOPES });
  return startSite({ keys: [key, ...keys], bindings: { EDGE_TICKET_SECRET: "a secret that only this test knows" } });
}
