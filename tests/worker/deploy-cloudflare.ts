/**
 * Cloudflare's API as far as `wrangler deploy` asks it, on a free port of this machine: takes a Worker in and keeps what it
 * was told. Written from what wrangler sends; where it knows no answer it says 404.
 */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const ACCOUNT = "0123456789abcdef0123456789abcdef";

const SECRETS = "/workers/scripts/sepay-edge/secrets";

const VERSION = "11111111-1111-4111-8111-111111111111";

/** An account with no Worker, or with one whose secrets have these names. */
export interface Cloudflare {
  /** What makes wrangler ask here. The token is invented. */
  readonly env: Readonly<Record<string, string>>;
  /** `GET /path` of each request, without the account's part. */
  readonly asked: readonly string[];
  /** The metadata of each upload, and the names of its modules. */
  readonly uploads: readonly Upload[];
  /** Each secret that was put. */
  readonly secrets: readonly PutSecret[];
  close(): Promise<void>;
}

/** A Worker as it was uploaded. */
export interface Upload {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly modules: readonly string[];
  /** Everything that was sent, as Latin-1. */
  readonly text: string;
}

/** A secret as wrangler sends it. */
export interface PutSecret {
  readonly name: string;
  readonly text: string;
  readonly type: string;
}

/** Starts it. `names` are those of its secrets; undefined is an account without the Worker. */
export async function startCloudflare(names: readonly string[] | undefined, token: string): Promise<Cloudflare> {
  const asked: string[] = [];
  const secrets: PutSecret[] = [];
  const uploads: Upload[] = [];
  const server = createServer((request, response) => {
    void body(request).then(async (bytes) => {
      const path = (request.url ?? "").replace(/\?.*$/, "").replace("/client/v4", "").replace(`/accounts/${ACCOUNT}`, "");
      asked.push(`${request.method} ${path}`);
      if (request.method === "PUT" && path === "/workers/scripts/sepay-edge") uploads.push(await upload(request, bytes));
      if (request.method === "PUT" && path === SECRETS) secrets.push(JSON.parse(bytes.toString()) as PutSecret);
      answer(response, result(path, names));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const env = { CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4`, CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_ACCOUNT_ID: ACCOUNT };
  const close = (): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
  return { env, asked, uploads, secrets, close };
}

/** What is known under a path; undefined when nothing is. */
function result(path: string, names: readonly string[] | undefined): unknown {
  if (path.startsWith(`${SECRETS}/`)) return {};
  const known: Readonly<Record<string, unknown>> = {
    "/user": { id: "user", email: "shop@example.vn" },
    "/user/tokens/verify": { id: "token", status: "active" },
    "/accounts": [{ id: ACCOUNT, name: "shop" }],
    "/memberships": [{ account: { id: ACCOUNT, name: "shop" } }],
    [SECRETS]: names?.map((name) => ({ name, type: "secret_text" })),
    "/workers/scripts/sepay-edge/deployments": { deployments: [] },
    "/workers/scripts/sepay-edge/assets-upload-session": { jwt: "assets", buckets: [] },
    "/workers/scripts/sepay-edge": { id: "sepay-edge", etag: "etag", startup_time_ms: 9, deployment_id: VERSION },
    "/workers/scripts/sepay-edge/subdomain": { enabled: true, previews_enabled: false },
    "/workers/subdomain": { subdomain: "shop" },
    "/workers/workers/sepay-edge": { id: "sepay-edge", name: "sepay-edge", subdomain: { enabled: true, previews_enabled: false } },
  };
  return known[path];
}

function answer(response: ServerResponse, result: unknown): void {
  const isKnown = result !== undefined;
  response.writeHead(isKnown ? 200 : 404, { "content-type": "application/json" });
  // 10007 is Cloudflare's "this Worker does not exist on your account".
  const errors = isKnown ? [] : [{ code: 10007, message: "This Worker does not exist on your account." }];
  response.end(JSON.stringify({ success: isKnown, errors, messages: [], result: result ?? null }));
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function upload(request: IncomingMessage, bytes: Buffer): Promise<Upload> {
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData();
  const metadata = JSON.parse(String(form.get("metadata"))) as Record<string, unknown>;
  return { metadata, modules: [...form.keys()].filter((name) => name !== "metadata"), text: bytes.toString("latin1") };
}
