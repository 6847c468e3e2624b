/** What the pages need of the contract, as plain values. */

/**
 * @typedef {Readonly<Record<string, any>>} Part
 * @typedef {{ name: string, type: string, description: string, required: boolean, example: unknown, place: string }} Parameter
 * @typedef {{ status: string, description: string, isError: boolean }} Status
 * @typedef {{ id: string, tag: string, method: string, path: string, summary: string, description: string, scope: string | undefined,
 *   takesKey: boolean, takesTicket: boolean, parameters: Parameter[], statuses: Status[], body: Part | undefined, bodyFields: Field[],
 *   answer: unknown }} Operation
 * @typedef {{ name: string, type: string, description: string }} Field
 */

/**
 * Follows a reference, if it is one.
 * @param {Part} contract
 * @param {Part} part
 * @returns {Part}
 */
function follow(contract, part) {
  if (typeof part["$ref"] !== "string") return part;
  return part["$ref"].replace("#/", "").split("/").reduce((whole, name) => whole?.[name], contract);
}

/**
 * Every operation, in the order of the tags.
 * @param {Part} contract
 * @returns {Operation[]}
 */
export function operations(contract) {
  const all = Object.entries(contract["paths"]).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => read(contract, path, method, operation)),
  );
  return contract["tags"].flatMap((/** @type {Part} */ { name }) => all.filter(({ tag }) => tag === name));
}

/**
 * @param {Part} contract
 * @param {string} path
 * @param {string} method
 * @param {Part} operation
 * @returns {Operation}
 */
function read(contract, path, method, operation) {
  const security = /** @type {Part[]} */ (operation["security"]);
  const answers = Object.entries(operation["responses"]).map(([status, response]) => ({ status, ...follow(contract, response) }));
  const success = answers.find(({ status }) => status.startsWith("2"));
  const body = operation["requestBody"]?.content["application/json"];
  return {
    id: operation["operationId"],
    tag: operation["tags"][0],
    method: method.toUpperCase(),
    path,
    summary: operation["summary"],
    description: operation["description"],
    scope: Object.values(security[0] ?? {})[0]?.[0],
    takesKey: security.some((one) => "edgeKey" in one),
    takesTicket: security.some((one) => "ticket" in one),
    parameters: (operation["parameters"] ?? []).map((/** @type {Part} */ one) => parameter(contract, follow(contract, one))),
    statuses: answers.map((answer) => ({ status: answer.status, description: /** @type {Part} */ (answer)["description"], isError: Number(answer.status) >= 400 })),
    body: body?.example,
    bodyFields: body ? fields(contract, follow(contract, body.schema)) : [],
    answer: Object.values(/** @type {Part} */ (success)?.["content"] ?? {})[0]?.example,
  };
}

/**
 * @param {Part} contract
 * @param {Part} one
 * @returns {Parameter}
 */
function parameter(contract, one) {
  return {
    name: one["name"],
    place: one["in"],
    type: typeOf(contract, one["schema"]),
    description: one["description"],
    required: one["required"] === true,
    example: one["example"],
  };
}

/**
 * The properties of an object.
 * @param {Part} contract
 * @param {Part} schema
 * @returns {Field[]}
 */
export function fields(contract, schema) {
  return Object.entries(schema["properties"]).map(([name, property]) => ({
    name,
    type: typeOf(contract, property),
    description: property.description ?? follow(contract, property)["description"],
  }));
}

/**
 * A type in few words, which are the same in every language.
 * @param {Part} contract
 * @param {Part} given
 * @returns {string}
 */
function typeOf(contract, given) {
  const schema = follow(contract, given["allOf"]?.[0] ?? given);
  if (schema["anyOf"]?.some((/** @type {Part} */ one) => one["format"] === "date")) return "date | date-time";
  const types = [schema["type"] ?? "any"].flat();
  const name = types.filter((type) => type !== "null").map((type) => named(contract, type, schema)).join(" | ");
  const range = schema["type"] === "integer" && schema["maximum"] < 1e15 ? ` ${schema["minimum"]}–${schema["maximum"]}` : "";
  return `${name}${range}${types.includes("null") ? " | null" : ""}`;
}

/**
 * @param {Part} contract
 * @param {string} type
 * @param {Part} schema
 * @returns {string}
 */
function named(contract, type, schema) {
  if (type === "array") return `${follow(contract, schema["items"])["type"]}[]`;
  if (schema["enum"] && schema["enum"].length <= 3) return schema["enum"].filter((/** @type {unknown} */ value) => value !== null).map((/** @type {unknown} */ value) => JSON.stringify(value)).join(" | ");
  return schema["format"] === "date-time" ? "date-time" : type;
}
