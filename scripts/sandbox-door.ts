// The sandbox's door: the one path on the Worker's own port through which the page of `npm start` makes a payment arrive in
// the sandbox. It runs on workerd, in front of the built Worker; what is deployed holds none of it. It lets a request in,
// passes its body to the sandbox's control route, and gives back what that says. What a payment is, the sandbox decides.

import { ALWAYS } from "../worker/entry/cors.ts";
import { problem } from "../worker/entry/problem.ts";
import type { Told } from "../worker/entry/problem.ts";

/** The path, here as on the sandbox. */
export const DOOR_PATH = "/_sandbox/transactions";

/** The largest body, in bytes. */
const MAX_BODY_BYTES = 16_384;

/** By which a page can have reached a server that listens on the loopback only; any other name is DNS rebinding. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

const JSON_TYPE = "application/json";

/** What decides who is let in: headers as they were sent, null for none. */
interface Knock {
  readonly method: string;
  /** As the platform has it, which takes it from the header `MF-Original-URL` if there is one: any page may set that. */
  readonly url: URL;
  readonly host: string | null;
  readonly origin: string | null;
  /** `Sec-Fetch-Site`. No page may set it, nor the two above. */
  readonly fetchSite: string | null;
  readonly contentType: string | null;
}

/** Whether a request is for the door, by its URL, which need not be one that can be parsed. */
export function isForDoor(url: string): boolean {
  return URL.canParse(url) && new URL(url).pathname === DOOR_PATH;
}

/** Answers a request for the door. */
export async function answerAtDoor(request: Request, sandboxUrl: string): Promise<Response> {
  const response = await answer(request, sandboxUrl);
  for (const [name, value] of Object.entries(ALWAYS)) response.headers.set(name, value);
  return response;
}

async function answer(request: Request, sandboxUrl: string): Promise<Response> {
  const refused = refusal(knock(request));
  if (refused !== undefined) return refuse(refused);
  const body = await boundedBody(request);
  if (body === undefined) return refuse(invalid(`body: expected at most ${MAX_BODY_BYTES} bytes, all of them`));
  return (await passedOn(body, sandboxUrl)) ?? refuse(UNREACHABLE);
}

/** Why a request is not let in, or nothing when it is. */
function refusal(knock: Knock): Told | undefined {
  if (knock.method !== "POST") return NO_POST;
  if (!isLoopback(knock)) return forbidden("host: expected localhost, 127.0.0.1 or [::1]");
  if (!isSameOrigin(knock)) return forbidden("only the page on this very address may do that");
  return isJson(knock) ? undefined : invalid(`content-type: expected ${JSON_TYPE}`);
}

function isLoopback({ url, host }: Knock): boolean {
  return LOOPBACK.test(url.host) && LOOPBACK.test(host ?? "");
}

/** Browsers say where a POST comes from by at least one of the two; what says neither is not known to be the page. */
function isSameOrigin({ url, origin, fetchSite }: Knock): boolean {
  if (origin !== null && origin !== url.origin) return false;
  return fetchSite === "same-origin" || (fetchSite === null && origin !== null);
}

function isJson({ contentType }: Knock): boolean {
  const [mediaType = ""] = (contentType ?? "").split(";");
  return mediaType.trim().toLowerCase() === JSON_TYPE;
}

function knock({ method, url, headers }: Request): Knock {
  return {
    method,
    url: new URL(url),
    host: headers.get("host"),
    origin: headers.get("origin"),
    fetchSite: headers.get("sec-fetch-site"),
    contentType: headers.get("content-type"),
  };
}

/** The body, or nothing when it is too long or breaks off. No more of it than the limit and one chunk is ever held. */
async function boundedBody(request: Request): Promise<Blob | undefined> {
  const chunks: BlobPart[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BODY_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return new Blob(chunks);
}

/** What the sandbox says of a body, or nothing when it says nothing. It gets no header of the caller's. */
async function passedOn(body: Blob, sandboxUrl: string): Promise<Response | undefined> {
  try {
    const headers = { "content-type": JSON_TYPE };
    const said = await fetch(`${sandboxUrl}${DOOR_PATH}`, { method: "POST", headers, body, redirect: "manual" });
    const told = { "content-type": JSON_TYPE, "cache-control": "private, no-store", "x-content-type-options": "nosniff" };
    return new Response(await said.text(), { status: said.status, headers: told });
  } catch {
    return undefined;
  }
}

const NO_POST: Told = { status: 405, code: "method_not_allowed", title: "Method not allowed", detail: "this route takes POST" };

const UNREACHABLE: Told = { status: 502, code: "upstream_error", title: "The sandbox failed", detail: "the sandbox does not answer" };

function forbidden(detail: string): Told {
  return { status: 403, code: "forbidden", title: "This page may not do that", detail };
}

function invalid(detail: string): Told {
  return { status: 400, code: "invalid_parameter", title: "A parameter is not valid", detail };
}

function refuse(told: Told): Response {
  const response = problem(told);
  if (told === NO_POST) response.headers.set("allow", "POST");
  return response;
}
