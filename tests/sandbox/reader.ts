/**
 * Reads an untrusted JSON object field by field. All problems are collected, so that one answer names them
 * all; a field nobody asked for is a problem too.
 */

/** What was wrong with an input, and in which fields. */
export class InputError extends Error {
  /** The names of the fields at fault; empty when the input as a whole is. */
  readonly fields: readonly string[];

  constructor(message: string, fields: readonly string[]) {
    super(message);
    this.name = "InputError";
    this.fields = fields;
  }
}

/** A JSON object being read. A missing field takes the fallback; without a fallback it is required. */
export class Reader {
  readonly #input: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();
  readonly #problems = new Map<string, string>();

  /** Throws `InputError` when the value is no JSON object. */
  constructor(value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new InputError("expected a JSON object", []);
    }
    this.#input = value as Record<string, unknown>;
  }

  /** Tells whether the field is present and null. */
  isNull(name: string): boolean {
    return this.#take(name) === null;
  }

  /** Tells whether the field is present, null included. */
  has(name: string): boolean {
    return this.#take(name) !== undefined;
  }

  /** A string. */
  text(name: string, fallback?: string): string {
    const value = this.#take(name) ?? fallback;
    if (typeof value === "string") return value;
    return this.#reject(name, "must be a string", "");
  }

  /** A string or null; missing is null. */
  textOrNull(name: string): string | null {
    return this.#take(name) === undefined || this.isNull(name) ? null : this.text(name);
  }

  /** An integer in [low, high]. The fallback is returned as it is, whatever the range. */
  integer<F extends number | null = number>(
    name: string,
    low: number,
    high: number,
    fallback?: F,
  ): number | F {
    const value = this.#take(name);
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= low && value <= high)
      return value;
    return this.#reject(name, `must be an integer from ${low} to ${high}`, low);
  }

  /** A number in [low, high]. */
  number(name: string, low: number, high: number, fallback: number): number {
    const value = this.#take(name) ?? fallback;
    if (typeof value === "number" && value >= low && value <= high) return value;
    return this.#reject(name, `must be a number from ${low} to ${high}`, low);
  }

  /** A boolean. */
  boolean(name: string, fallback: boolean): boolean {
    const value = this.#take(name) ?? fallback;
    if (typeof value === "boolean") return value;
    return this.#reject(name, "must be true or false", fallback);
  }

  /** One of the given strings. */
  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.#take(name) === undefined ? fallback : this.#take(name);
    const chosen = choices.find((choice) => choice === value);
    return chosen ?? this.#reject(name, `must be one of ${choices.join(", ")}`, fallback);
  }

  /** A string, or null when missing, which must pass the check; `expected` says what the check wants. */
  checkedText(name: string, check: (text: string) => boolean, expected: string): string | null {
    const value = this.textOrNull(name);
    if (value === null || check(value)) return value;
    return this.#reject(name, expected, null);
  }

  /** An object whose values are strings; missing is empty. */
  textMap(name: string): Record<string, string> {
    const value = this.#take(name) ?? {};
    const isMap = typeof value === "object" && !Array.isArray(value);
    if (isMap && Object.values(value).every((item) => typeof item === "string")) {
      return value as Record<string, string>;
    }
    return this.#reject(name, "must be an object of strings", {});
  }

  /** A list of the given strings; missing is all of them. */
  textList<T extends string>(name: string, choices: readonly T[]): readonly T[] {
    const value = this.#take(name) ?? choices;
    if (Array.isArray(value) && value.every((item) => choices.includes(item))) return value;
    return this.#reject(name, `must be a list of ${choices.join(", ")}`, []);
  }

  /** Notes that a field is wrong for a reason only the caller knows. */
  problem(name: string, expected: string): void {
    this.#problems.set(name, expected);
  }

  /** Throws `InputError` when a field was wrong, missing, or never asked for. */
  finish(): void {
    for (const name of Object.keys(this.#input)) {
      if (!this.#asked.has(name)) this.problem(name, "is unknown");
    }
    this.check();
  }

  /**
   * Throws `InputError` when a field read so far was wrong: for a field that decides which others are read.
   */
  check(): void {
    if (this.#problems.size === 0) return;
    const words = [...this.#problems].map(([name, expected]) => `${name} ${expected}`);
    throw new InputError(words.join("; "), [...this.#problems.keys()]);
  }

  #take(name: string): unknown {
    this.#asked.add(name);
    return Object.hasOwn(this.#input, name) ? this.#input[name] : undefined;
  }

  #reject<T>(name: string, expected: string, standIn: T): T {
    this.problem(name, expected);
    return standIn;
  }
}
