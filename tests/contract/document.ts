/** The contract as a document: its operations one by one, with every reference to a part followed. */
import { readFileSync } from "node:fs";

import { CONTRACT } from "../../scripts/contract.ts";

/** A part of it. */
export type Part = Readonly<Record<string, unknown>>;

/** The document. */
export interface Contract extends Part {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Part>>>>;
}

/** What one method of one path does. */
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Part[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Part>>;
}

/** A parameter. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly example: unknown;
}

/** A body in one content type. */
export interface Media {
  readonly schema: Part;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** An answer. */
export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Part>>;
  readonly content?: Readonly<Record<string, Media>>;
}

/** A header of an answer. */
export interface Header {
  readonly required?: boolean;
  readonly schema: Part;
}

/** An operation and where it stands. */
export interface Route {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** Reads the committed contract. */
export function committed(): Contract {
  return JSON.parse(readFileSync(CONTRACT, "utf8")) as Contract;
}

/** Every operation. */
export function routes(contract: Contract): Route[] {
  return Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

/** Follows a reference, if it is one. */
export function part<T>(contract: Contract, value: Part): T {
  const target = value["$ref"];
  if (typeof target !== "string") return value as T;
  const names = target.replace("#/", "").split("/");
  return names.reduce<unknown>((whole, name) => (whole as Part)[name], contract) as T;
}

/** Every example of a body. */
export function examples(media: Media): unknown[] {
  const several = Object.values(media.examples ?? {}).map(({ value }) => value);
  return media.example === undefined ? several : [media.example, ...several];
}

/** The same contract, in which no object has more than it names, but for those that say that they may. */
export function closed(contract: Contract): Contract {
  return close(contract, new Set(joined(contract))) as Contract;
}

/** What schemas are joined of: each of them names a part only, so that it cannot be closed by itself. */
function joined(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const { allOf } = value as { allOf?: unknown };
  const parts = Array.isArray(allOf) ? allOf.map((one: Part) => one["$ref"]) : [];
  return [...parts, ...Object.values(value).flatMap(joined)];
}

function close(value: unknown, parts: ReadonlySet<unknown>, place = "#"): unknown {
  if (Array.isArray(value)) return value.map((item) => close(item, parts, place));
  if (typeof value !== "object" || value === null) return value;
  const closedMembers = Object.entries(value).map(([name, member]) => [name, close(member, parts, `${place}/${name}`)]);
  const members = Object.fromEntries(closedMembers) as Part;
  const isPart = parts.has(place) || place.endsWith("/allOf");
  const isWhole = "allOf" in members || ("properties" in members && "required" in members && !isPart);
  return isWhole && !("additionalProperties" in members) ? { ...members, unevaluatedProperties: false } : members;
}
