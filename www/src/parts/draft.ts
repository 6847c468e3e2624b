/**
 * A field's text while a person writes in it. What it means goes on when the writing pauses or ends; the field keeps what was
 * typed until it is left, whatever becomes of it elsewhere.
 */
import { useEffect, useRef, useState } from "preact/hooks";

/** What a field needs. */
export interface Draft {
  value: string;
  /** Whether a person writes in it. */
  isWriting: boolean;
  /** The text has become another. */
  write(text: string): void;
  /** The text has become another, and is finished. */
  finish(text: string): void;
  /** The writing has ended. */
  end(): void;
}

/** Follows a field whose text is `value` when nobody writes in it. `commit` hears of a text after `pauseMs`. */
export function useDraft(value: string, commit: (text: string) => void, pauseMs: number): Draft {
  const [draft, setDrawn] = useState<string | null>(null);
  // A field may be left in the same moment in which it was written, before it is drawn.
  const last = useRef<string | null>(null);
  const setDraft = (text: string | null) => {
    last.current = text;
    setDrawn(text);
  };
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const write = (text: string) => {
    setDraft(text);
    clearTimeout(timer.current);
    if (pauseMs === 0) commit(text);
    else timer.current = setTimeout(() => commit(text), pauseMs);
  };
  const finish = (text: string) => {
    clearTimeout(timer.current);
    setDraft(null);
    commit(text);
  };
  const end = () => {
    clearTimeout(timer.current);
    if (last.current !== null) finish(last.current);
  };
  return { value: draft ?? value, isWriting: draft !== null, write, finish, end };
}
