/**
 * A button that copies a text.
 */
import { useState } from "preact/hooks";
import { words } from "../words.ts";
import { Icon } from "./icon.tsx";

const SHOWN_MS = 2000;

/** Copies `text`; `what` names it: "Chép số tài khoản". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState<"" | "copied" | "copyFailed">("");
  const copy = async () => {
    setState(await copied(text));
    setTimeout(() => setState(""), SHOWN_MS);
  };
  const label = words().copy(what);
  return (
    <>
      <button type="button" class="icon-button" aria-label={label} title={label} onClick={() => void copy()}>
        <Icon name={state === "copied" ? "check" : state === "copyFailed" ? "close" : "copy"} />
      </button>
      <span class="visually-hidden" role="status">
        {state && words()[state]}
      </span>
    </>
  );
}

/* A page that came over plain http from another machine has no clipboard at all. */
async function copied(text: string): Promise<"copied" | "copyFailed"> {
  try {
    await navigator.clipboard.writeText(text);
    return "copied";
  } catch {
    return "copyFailed";
  }
}
