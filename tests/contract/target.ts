/** The Worker as strangers attack it: in front of a sandbox at 50 requests a second, with a key that has every right. */
import { ALL_SCOPES, keyEntry, startSite } from "../worker/site.ts";
import type { KeyEntry, Site } from "../worker/site.ts";

/** A key with every scope. */
export const EVERYTHING = "edge_test_key_that_may_everything";

/** A key that sees two accounts, some fields and a month. */
export const LIMITED = "edge_test_key_that_is_limited_in_every_way";

/** Starts it, with more keys if there are any. */
export async function startTarget(keys: readonly KeyEntry[] = []): Promise<Site> {
  const everything = keyEntry(EVERYTHING, { id: "everything", scopes: ALL_SCOPES });
  const accounts = ["0071000888888", "0071000899999"];
  const limited = keyEntry(LIMITED, { id: "limited", accounts, hide: ["balance", "content", "holder"], from: "30d" });
  return startSite({ keys: [everything, limited, ...keys], bindings: { EDGE_TICKET_SECRET: "a secret that only this test knows" } });
}
