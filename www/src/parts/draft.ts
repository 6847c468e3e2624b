/**
 * A field's text while a person writes in it. What it means goes on when the writing pauses or ends; the field keeps what was
 * typed until it is left, whatever becomes of it elsewhere.
 */
import { useEffect, useRef, useState } from "preact/hooks";

/** What a field needs. */
export interface Draft {
  value: string;
  /** The text has become another. */
  write(text: string): void;
  /** The writing has ended. */
  end(): void;
}

/** Follows a field whose text is `value` when nobody writes in it. `commit` hears of a text after `pauseMs`. */
export function useDraft(value: string, commit: (text: string) => void, pauseMs: number): Draft {
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const write = (text: string) => {
    setDraft(text);
    clearTimeout(timer.current);
    if (pauseMs === 0) commit(text);
    else timer.current = setTimeout(() => commit(text), pauseMs);
  };
  const end = () => {
    clearTimeout(timer.current);
    if (draft !== null) commit(draft);
    setDraft(null);
  };
  return { value: draft ?? value, write, end };
}
