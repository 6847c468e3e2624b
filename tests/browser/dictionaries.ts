/**
 * The page's dictionaries as plain texts, for tests that look for words of the wrong language.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { lang } from "../../www/src/i18n.ts";
import type { Lang } from "../../www/src/i18n.ts";
import { words } from "../../www/src/words.ts";

/** A dictionary in one language: texts, and functions that write texts. */
export interface Words {
  [name: string]: string | ((...given: string[]) => string) | Words;
}

/** A part's words in both languages. */
export interface Dictionary {
  /** Where it stands, below www/src. */
  file: string;
  vi: Words;
  en: Words;
}

const SRC = join(import.meta.dirname, "../../www/src");

/** Every dictionary of the page. */
export async function dictionaries(): Promise<Dictionary[]> {
  const files = globSync("views/**/words.ts", { cwd: SRC }).sort();
  const ofViews = files.map(async (file) => {
    const { dictionary } = (await import(join(SRC, file))) as { dictionary: Record<Lang, Words> };
    return { file, ...dictionary };
  });
  return [{ file: "words.ts", vi: shared("vi"), en: shared("en") }, ...(await Promise.all(ofViews))];
}

/** What a dictionary can write, without what it is given: whole texts, and the pieces between given values. */
export function textsOf(words: Words): string[] {
  return Object.values(words).flatMap((value) => {
    if (typeof value === "string") return [value];
    if (typeof value === "object") return textsOf(value);
    return value("\0", "\0", "\0").split("\0");
  });
}

/** The paths of the entries that write nothing, or only what they are given. */
export function emptyIn(words: Words, path = ""): string[] {
  return Object.entries(words).flatMap(([name, value]) => {
    if (typeof value === "object") return emptyIn(value, `${path}${name}.`);
    return textsOf({ [name]: value }).join("").trim() === "" ? [path + name] : [];
  });
}

/** The path of every entry, and what kind of entry it is: "field.when string". */
export function entriesOf(words: Words, path = ""): string[] {
  return Object.entries(words).flatMap(([name, value]) => {
    return typeof value === "object" ? entriesOf(value, `${path}${name}.`) : [`${path}${name} ${typeof value}`];
  });
}

function shared(chosen: Lang): Words {
  lang.value = chosen;
  const found = words() as unknown as Words;
  lang.value = "vi";
  return found;
}
