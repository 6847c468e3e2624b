/**
 * The pages /docs (Vietnamese) and /docs/en (English), made of the contract when the page is built. They are plain HTML: no
 * script, no inline style, nothing from elsewhere. The English text stands in the contract and here; a sentence without a
 * Vietnamese one in vi.mjs stops the build.
 */
import { fields, operations } from "./contract.mjs";
import { code, prose, table, text } from "./markup.mjs";
import { KEY, client, curl, fetches } from "./samples.mjs";
import { vietnamese } from "./vi.mjs";

/**
 * @typedef {import("./contract.mjs").Operation} Operation
 * @typedef {import("./contract.mjs").Part} Part
 * @typedef {(english: string) => string} Translate
 * @typedef {{ lang: string, home: string, other: { lang: string, href: string, name: string }, t: Translate }} Language
 */

/** @type {Language} */
const VIETNAMESE = {
  lang: "vi",
  home: "/docs",
  other: { lang: "en", href: "/docs/en", name: "English" },
  t: (english) => {
    const found = vietnamese[english];
    if (found === undefined) throw new Error(`www/docs/vi.mjs has no Vietnamese for: ${english}`);
    return found;
  },
};

/** @type {Language} */
const ENGLISH = {
  lang: "en",
  home: "/docs/en",
  other: { lang: "vi", href: "/docs", name: "Tiếng Việt" },
  t: (english) => english,
};

/**
 * The pages, by their file names.
 * @param {Part} contract
 * @returns {Readonly<Record<string, string>>}
 */
export function docsPages(contract) {
  return { "docs.html": page(contract, VIETNAMESE), "docs/en.html": page(contract, ENGLISH) };
}

/**
 * @param {Part} contract
 * @param {Language} language
 * @returns {string}
 */
function page(contract, { lang, home, other, t }) {
  const routes = operations(contract);
  const groups = /** @type {Part[]} */ (contract["tags"]);
  const chapters = [start(t), keys(t), tickets(t), ...groups.map((group) => routesOf(group, routes, t)), data(contract, t), freshness(contract, t), errors(contract, t), browsers(t)];
  const contents = chapters.map(({ id, title, inner = [] }) => {
    const below = inner.map((one) => `<li><a href="#${one.id}">${text(one.title)}</a></li>`).join("");
    return `<li><a href="#${id}">${text(title)}</a>${below ? `<ul>${below}</ul>` : ""}</li>`;
  });
  return `<!doctype html>
<html lang="${lang}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="robots" content="noindex">
  <title>sepay-edge · ${text(t("API reference"))}</title>
  <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%230f5f6b'/%3E%3C/svg%3E">
  <link rel="alternate" hreflang="${lang}" href="${home}">
  <link rel="alternate" hreflang="${other.lang}" href="${other.href}">
  <link rel="stylesheet" href="/style.css">
  <link rel="stylesheet" href="/docs.css">
</head>
<body>
  <a class="skip" href="#main">${text(t("To the content"))}</a>
  <header class="bar">
    <div class="bar-inner">
      <p class="brand"><a href="/">sepay-edge</a></p>
      <p class="actions"><a href="/openapi.json">OpenAPI</a> <a href="${other.href}" hreflang="${other.lang}" lang="${other.lang}">${other.name}</a></p>
    </div>
  </header>
  <main id="main" class="docs" tabindex="-1">
    <nav class="contents" aria-label="${text(t("Contents"))}"><ul>
${contents.join("\n")}
    </ul></nav>
    <div class="text">
      <h1>${text(t("API reference"))}</h1>
      <p class="lead">${prose(t(contract["info"].summary))}</p>
${chapters.map(({ id, title, html }) => `<section class="chapter" id="${id}"><h2>${text(title)}</h2>\n${html}\n</section>`).join("\n")}
    </div>
  </main>
</body>
</html>
`;
}

/** @typedef {{ id: string, title: string, html: string, inner?: readonly { id: string, title: string }[] }} Chapter */

/**
 * @param {Translate} t
 * @param {readonly string[]} sentences
 * @returns {string}
 */
function list(t, sentences) {
  return `<ul class="points">${sentences.map((sentence) => `<li>${prose(t(sentence))}</li>`).join("")}</ul>`;
}

/**
 * @param {Translate} t
 * @param {string} sentence
 * @returns {string}
 */
function paragraph(t, sentence) {
  return `<p>${prose(t(sentence))}</p>`;
}

/**
 * @param {Translate} t
 * @returns {Chapter}
 */
function start(t) {
  const html = [
    paragraph(t, "`npm start` serves this gateway on `http://127.0.0.1:8787`, in front of a sandbox with invented data. Its key is always this one, so that every example on this page can be pasted:"),
    code(`KEY=${KEY}`, t("The demo key")),
    paragraph(t, "For a gateway that is deployed, put its address and a key of your own in their place. Generators of clients read [openapi.json](/openapi.json)."),
  ].join("\n");
  return { id: "start", title: t("Start"), html };
}

/**
 * @param {Translate} t
 * @returns {Chapter}
 */
function keys(t) {
  const html = list(t, [
    "Send the key in one header, `Authorization: Bearer <edge key>`, and never in a URL.",
    "A key has scopes: `transactions:read`, `accounts:read`, `tickets:write`, `metrics:read`, `audit:read`. Each route below names the one that it needs.",
    "A key may be limited to some accounts, to the last days, and in its fields. A hidden field is `null`, and a filter by it is refused: it would tell the value.",
    "Whoever runs the gateway makes a key with `npm run key`. Only its SHA-256 is stored; a lost key is replaced, not recovered.",
  ]);
  return { id: "keys", title: t("Keys"), html };
}

/**
 * @param {Translate} t
 * @returns {Chapter}
 */
function tickets(t) {
  const html = [
    paragraph(t, "A key is too much for a customer's browser. Your server makes a ticket instead, for minutes and for one order:"),
    list(t, [
      "Your server sends `POST /api/tickets` with the order's payment code and amount ([example](#createTicket)).",
      "It gives `ticket` to the page, which sends it as `Authorization: Bearer <ticket>`.",
      "The page asks `GET /api/transactions` and sees the payment of that order as soon as it is there, and nothing else.",
    ]),
    paragraph(t, "A ticket never sees more than its key does at that moment, and ends with it."),
  ].join("\n");
  return { id: "tickets", title: t("Tickets"), html };
}

/**
 * @param {Part} group
 * @param {readonly Operation[]} routes
 * @param {Translate} t
 * @returns {Chapter}
 */
function routesOf(group, routes, t) {
  const own = routes.filter(({ tag }) => tag === group["name"]);
  const html = `${paragraph(t, group["description"])}\n${own.map((operation) => route(operation, t)).join("\n")}`;
  const inner = own.map(({ id, summary }) => ({ id, title: t(summary) }));
  return { id: `routes-${group["name"]}`, title: t(`Routes: ${group["name"]}`), html, inner };
}

/**
 * @param {Operation} operation
 * @param {Translate} t
 * @returns {string}
 */
function route(operation, t) {
  const { id, method, path, summary, description, answer, statuses } = operation;
  const success = statuses.find(({ status }) => status.startsWith("2"));
  const label = `${t("Example answer")}: ${method} ${path}`;
  const shown = typeof answer === "string" ? answer.trimEnd() : JSON.stringify(answer, undefined, 2);
  return `<section class="route" id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${text(t(summary))}</h3>
<p class="target"><span class="method">${method}</span> <code>${text(path)}</code></p>
<p>${prose(t(description))}</p>
<p class="soft">${prose(needs(operation, t))}</p>
${given(operation, t)}
<h4>${text(t("Answers"))}</h4>
<p class="statuses">${statuses.map((one) => statusLink(one, t)).join(" ")}</p>
<h4>${text(t("Example"))}</h4>
${programs(operation, t)}
<p class="soft">${success?.status} · ${prose(t(success?.description ?? ""))}</p>
${code(shown, label, { of: id })}
</section>`;
}

/**
 * @param {Operation} operation
 * @param {Translate} t
 * @returns {string}
 */
function needs({ scope, takesKey, takesTicket }, t) {
  if (!takesKey) return t("Without a key.");
  const who = takesTicket ? t("Key or ticket") : t("Key");
  return scope === undefined ? `${who}.` : `${who}, ${t("scope")} \`${scope}\`.`;
}

/**
 * The parameters, or the fields of the body. The request headers are told once for all routes.
 * @param {Operation} operation
 * @param {Translate} t
 * @returns {string}
 */
function given({ parameters, bodyFields, summary }, t) {
  const own = parameters.filter(({ place }) => place !== "header");
  const heads = headsOf(t, ["name", "type", "meaning", "example"]);
  if (own.length > 0) {
    const rows = own.map(({ name, type, description, required, example }) => [
      `<code>${text(name)}</code>${required ? ` <span class="must">${text(t("required"))}</span>` : ""}`,
      `<code>${text(type)}</code>`,
      prose(t(description)),
      `<code>${text(example)}</code>`,
    ]);
    return `<h4>${text(t("Parameters"))}</h4>\n${table(`${t("Parameters")}: ${t(summary)}`, heads, rows)}`;
  }
  if (bodyFields.length === 0) return "";
  const rows = bodyFields.map(({ name, type, description }) => [`<code>${text(name)}</code>`, `<code>${text(type)}</code>`, prose(t(description))]);
  return `<h4>${text(t("Fields of the JSON body"))}</h4>\n${table(`${t("Fields of the JSON body")}: ${t(summary)}`, heads.slice(0, 3), rows)}`;
}

/**
 * @param {Translate} t
 * @param {readonly import("./markup.mjs").Head["kind"][]} kinds
 * @returns {import("./markup.mjs").Head[]}
 */
function headsOf(t, kinds) {
  const titles = { name: "Name", type: "Type", meaning: "Meaning", example: "Example" };
  return kinds.map((kind) => ({ title: t(titles[kind]), kind }));
}

/**
 * @param {import("./contract.mjs").Status} status
 * @param {Translate} t
 * @returns {string}
 */
function statusLink({ status, isError }, t) {
  if (isError) return `<a class="status bad" href="#error-${status}">${status}</a>`;
  const words = status === "304" ? ` <a href="#freshness">${text(t("not modified"))}</a>` : "";
  return `<span class="status">${status}</span>${words}`;
}

/**
 * @param {Operation} operation
 * @param {Translate} t
 * @returns {string}
 */
function programs(operation, t) {
  const ways = { curl: curl(operation), fetch: fetches(operation), "@sepay-edge/client/edge": client(operation) };
  return Object.entries(ways)
    .flatMap(([name, lines], at) => {
      if (lines === undefined) return [];
      const block = code(lines, `${name}: ${t(operation.summary)}`, { runs: name, of: operation.id });
      return [`<details${at === 0 ? " open" : ""}><summary>${text(name)}</summary>${block}</details>`];
    })
    .join("\n");
}

/**
 * @param {Part} contract
 * @param {Translate} t
 * @returns {Chapter}
 */
function data(contract, t) {
  const heads = headsOf(t, ["name", "type", "meaning"]);
  const of = (/** @type {string} */ name) => {
    const rows = fields(contract, contract["components"].schemas[name]).map((field) => [
      `<code>${text(field.name)}</code>`,
      `<code>${text(field.type)}</code>`,
      // That it may be hidden is told once for all.
      prose(t(field.description.replace(/ Null when it is hidden.*$/, ""))),
    ]);
    return `<h3 id="model-${name}">${name}</h3>\n${table(name, heads, rows)}`;
  };
  const html = [
    list(t, [
      "Money is a whole number of VND, exact. Times are RFC 3339 in Vietnam's zone. Ids and account numbers are strings; leading zeros count.",
      "A field that the type allows to be `null` is `null` where SePay says nothing, or where it is hidden from the key.",
      "`complete: false` on a list means that there may be more rows. Nothing is cut in silence.",
    ]),
    of("Transaction"),
    of("Account"),
  ].join("\n");
  return { id: "data", title: t("Data"), html };
}

/**
 * @param {Part} contract
 * @param {Translate} t
 * @returns {Chapter}
 */
function freshness(contract, t) {
  const shared = /** @type {Part[]} */ (Object.values(contract["components"].parameters));
  const asked = shared.map((one) => [`<code>${text(one["name"])}</code>`, prose(t(one["description"])), `<code>${text(one["example"])}</code>`]);
  const told = ["Age", "Cache-Status", "ETag", "Retry-After", "RateLimit", "X-Request-Id"].map((name) => [
    `<code>${name}</code>`,
    prose(t(contract["components"].headers[name].description)),
  ]);
  const html = [
    paragraph(t, "SePay takes two or three requests a second, so answers are shared: one second old or less is served as it is, up to ten seconds is served and refreshed behind you, and older only when SePay cannot be asked. One transaction is fresh for ten minutes."),
    `<h3>${text(t("Request headers"))}</h3>`,
    table(t("Request headers"), headsOf(t, ["name", "meaning", "example"]), asked),
    `<h3>${text(t("Response headers"))}</h3>`,
    table(t("Response headers"), headsOf(t, ["name", "meaning"]), told),
  ].join("\n");
  return { id: "freshness", title: t("How fresh"), html };
}

/**
 * @param {Part} contract
 * @param {Translate} t
 * @returns {Chapter}
 */
function errors(contract, t) {
  const responses = /** @type {[string, Part][]} */ (Object.entries(contract["components"].responses));
  const own = responses.filter(([name, { content }]) => content !== undefined && !name.startsWith("DropIn"));
  const rows = own.map(([, { description, content }]) => {
    const { schema } = content["application/problem+json"];
    const status = schema.allOf[1].properties.status.const;
    return [`<span id="error-${status}">${status}</span>`, prose(t(description))];
  });
  const example = Object.values(own[0]?.[1]["content"]["application/problem+json"].examples)[0];
  const html = [
    paragraph(t, "Errors are `application/problem+json` (RFC 9457). `code` is for programs and does not change; `detail` is for people; `requestId` is in the gateway's log too."),
    code(JSON.stringify(/** @type {Part} */ (example)["value"], undefined, 2), t("Example of an error")),
    table(t("Errors"), [{ title: t("Status"), kind: "name" }, ...headsOf(t, ["meaning"])], rows),
  ].join("\n");
  return { id: "errors", title: t("Errors"), html };
}

/**
 * @param {Translate} t
 * @returns {Chapter}
 */
function browsers(t) {
  const html = list(t, [
    "A page from another origin may ask when the gateway's variable `EDGE_ORIGINS` names that origin, exactly: `https://shop.example.vn`. Preflight requests are answered; no cookie is used.",
    "The page can read `Age`, `Cache-Status`, `ETag`, `Retry-After` and the other headers above.",
    "Do not put a key into a public page: make a [ticket](#tickets).",
  ]);
  return { id: "browsers", title: t("Browsers (CORS)"), html };
}
