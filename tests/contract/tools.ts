/** What reads the contract as its users do, kept apart from the checkout: see tests/contract/tools/package.json. */
import { createRequire } from "node:module";
import { join } from "node:path";

import { ensureIsolated } from "../../scripts/isolated.ts";

/** Returns the folder that holds `node_modules` of the tools; installs them when nobody has. */
export function ensureContractTools(): string {
  return ensureIsolated({
    source: join(import.meta.dirname, "tools"),
    name: "contract",
    what: "what reads the contract (a JSON Schema validator, a generator of clients), once for this user (some seconds)",
  });
}

/** Says what of a value does not fit a schema; nothing when it fits. */
export type Judge = (schema: object, value: unknown) => string[];

/** Makes a judge by the schemas of a document. */
export function judgeBy(root: object): Judge {
  const require = createRequire(join(ensureContractTools(), "index.js"));
  const { default: Ajv2020 } = require("ajv/dist/2020.js") as { default: new (options: object) => Ajv };
  const { default: addFormats } = require("ajv-formats") as { default: (ajv: Ajv) => void };
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  for (const format of ["int32", "int64", "double"]) ajv.addFormat(format, true);
  ajv.addSchema({ ...root, $id: "contract" });
  const compiled = new Map<object, Validate>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(rebased(schema) as object);
    compiled.set(schema, validate);
    return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "the whole"} ${message}`);
  };
}

interface Validate {
  (value: unknown): boolean;
  errors?: { instancePath: string; message?: string }[] | null;
}

interface Ajv {
  addSchema(schema: object): void;
  addFormat(name: string, format: true): void;
  compile(schema: object): Validate;
}

/** Makes references of the document's own kind lead into the document from outside. */
function rebased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rebased);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => {
    const isReference = name === "$ref" && typeof member === "string" && member.startsWith("#");
    return [name, isReference ? `contract${member}` : rebased(member)];
  });
  return Object.fromEntries(members);
}
