/**
 * The language of the page, and how a part of it finds its words: Vietnamese unless the person chose English.
 */
import { signal } from "@preact/signals";

/** The page's languages. */
export type Lang = "vi" | "en";

const NAME = "sepay-edge.lang";

/** The language chosen. Whoever reads it while drawing is drawn anew when it changes. */
export const lang = signal<Lang>(readLang());

/** Chooses a language, for the next visit too. */
export function chooseLang(chosen: Lang): void {
  lang.value = chosen;
  try {
    localStorage.setItem(NAME, chosen);
  } catch {
    // Storage may be switched off; the choice then lives as long as the document.
  }
}

/** The words of a part in the language chosen: one dictionary for each, with the same entries. */
export function inWords<Words>(dictionary: Record<Lang, Words>): Words {
  return dictionary[lang.value];
}

function readLang(): Lang {
  try {
    return globalThis.localStorage?.getItem(NAME) === "en" ? "en" : "vi";
  } catch {
    return "vi";
  }
}
