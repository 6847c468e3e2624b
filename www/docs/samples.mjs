/** Programs that can be pasted: each asks one route, as `npm start` serves it. */

/** @typedef {import("./contract.mjs").Operation} Operation */

/** Where `npm start` serves. */
export const BASE = "http://127.0.0.1:8787";

/** The key that `npm start` prints: good for the sandbox's invented data only. */
export const KEY = "edge_demo_key_for_the_sandbox_only";

/**
 * The parameters that a first question has. Together with the contract's examples they lead to the very answer that stands
 * there.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const SHOWN = {
  listTransactions: ["from", "amountIn"],
  countTransactions: ["from", "amountIn"],
  listAccounts: ["bank", "lastTransactionFrom"],
  countAccounts: ["bank", "lastTransactionFrom"],
  sepayListTransactions: ["transaction_date_min", "amount_in"],
  sepayCountTransactions: ["transaction_date_min", "amount_in"],
  sepayListAccounts: ["short_name", "last_transaction_date_min"],
  sepayCountAccounts: ["short_name", "last_transaction_date_min"],
  getAudit: ["limit"],
  getVietQr: ["bank", "account", "amount", "content"],
};

/**
 * The path and query of the example.
 * @param {Operation} operation
 * @returns {string}
 */
function target({ id, path, parameters }) {
  const chosen = SHOWN[id] ?? [];
  const query = new URLSearchParams(parameters.filter(({ name }) => chosen.includes(name)).map(({ name, example }) => [name, String(example)]));
  const record = parameters.find(({ place }) => place === "path");
  const whole = record === undefined ? path : path.replace(`{${record.name}}`, String(record.example));
  return query.size === 0 ? whole : `${whole}?${query}`;
}

/**
 * @param {Operation} operation
 * @returns {string}
 */
export function curl(operation) {
  const { body, takesKey } = operation;
  const lines = [
    "curl -s",
    ...(takesKey ? ['-H "Authorization: Bearer $KEY"'] : []),
    ...(body === undefined ? [] : ['-H "Content-Type: application/json"', `-d '${JSON.stringify(body)}'`]),
    `"${BASE}${target(operation)}"`,
  ];
  return lines.join(" \\\n  ");
}

/**
 * @param {Operation} operation
 * @returns {string}
 */
export function fetches(operation) {
  const { body, takesKey, answer } = operation;
  const headers = [
    ...(takesKey ? ["Authorization: `Bearer ${key}`"] : []),
    ...(body === undefined ? [] : ['"Content-Type": "application/json"']),
  ];
  const options = [
    ...(body === undefined ? [] : ['  method: "POST",']),
    ...(headers.length === 0 ? [] : [`  headers: { ${headers.join(", ")} },`]),
    ...(body === undefined ? [] : [`  body: JSON.stringify(${literal(body)}),`]),
  ];
  const rest = options.length === 0 ? "" : `, {\n${options.join("\n")}\n}`;
  return [
    ...(takesKey ? [`const key = "${KEY}";`] : []),
    `const response = await fetch("${BASE}${target(operation)}"${rest});`,
    "if (!response.ok) throw new Error((await response.json()).code);",
    `console.log(await response.${typeof answer === "string" ? "text" : "json"}());`,
  ].join("\n");
}

/**
 * The same with `@sepay-edge/client/edge`, where it has it.
 * @param {Operation} operation
 * @returns {string | undefined}
 */
export function client(operation) {
  const call = calls(operation);
  if (call === undefined) return undefined;
  return [
    'import { SePayEdge } from "@sepay-edge/client/edge";',
    "",
    `const edge = new SePayEdge({ baseURL: "${BASE}", key: "${KEY}" });`,
    `console.log(await edge.${call});`,
  ].join("\n");
}

/**
 * @param {Operation} operation
 * @returns {string | undefined}
 */
function calls({ id, tag, parameters }) {
  if (id === "getStatus") return "status()";
  if (tag !== "transactions" && tag !== "accounts") return undefined;
  const records = tag === "accounts" ? "bankAccounts" : "transactions";
  const record = parameters.find(({ place }) => place === "path");
  if (record !== undefined) return `${records}.get("${record.example}")`;
  const chosen = SHOWN[id] ?? [];
  const given = parameters.filter(({ name }) => chosen.includes(name)).map(({ name, example }) => [name, example]);
  return `${records}.${id.startsWith("count") ? "count" : "list"}(${literal(Object.fromEntries(given))})`;
}

/**
 * A plain object as a programmer writes it.
 * @param {object} value
 * @returns {string}
 */
function literal(value) {
  const members = Object.entries(value).map(([name, member]) => `${name}: ${JSON.stringify(member)}`);
  return `{ ${members.join(", ")} }`;
}
