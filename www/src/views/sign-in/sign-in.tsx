/**
 * Asks for the key.
 */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { inWords } from "../../i18n.ts";
import { ProblemNote } from "../../parts/note.tsx";
import { cleanKey } from "../../session.ts";
import type { Trouble } from "../../state/source.ts";
import { dictionary } from "./words.ts";

/** The form. `trouble` is why the last key was refused. */
export function SignIn({ trouble, onKey }: { trouble: Trouble | null; onKey: (key: string) => void }) {
  const w = inWords(dictionary);
  const input = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<"" | "empty" | "notAscii">("");
  // Before the first paint: what is typed at once is not lost.
  useLayoutEffect(() => input.current?.focus(), [trouble]);
  const submit = (event: Event) => {
    event.preventDefault();
    const typed = input.current?.value ?? "";
    const key = cleanKey(typed);
    if (key !== null) return onKey(key);
    setFault(typed.trim() === "" ? "empty" : "notAscii");
    input.current?.focus();
  };
  return (
    <section class="panel sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">{w.title}</h1>
      <p class="soft">{w.explain}</p>
      <div id="sign-in-problem">
        {fault !== "" && (
          <p class="problem" role="alert">
            {w[fault]}
          </p>
        )}
        {fault === "" && trouble && <ProblemNote trouble={trouble} />}
      </div>
      {/* The input has no name, so that a submission without the script carries no key. */}
      <form method="post" autocomplete="off" noValidate onSubmit={submit}>
        <label for="key">{w.key}</label>
        <input
          id="key"
          ref={input}
          type="password"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          required
          aria-invalid={fault !== "" || trouble !== null}
          aria-describedby="sign-in-problem"
        />
        <button type="submit" class="button strong">
          {w.submit}
        </button>
      </form>
    </section>
  );
}
