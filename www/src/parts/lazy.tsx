/**
 * A part whose code is fetched when it is first shown.
 */
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { words } from "../words.ts";
import { isOnline } from "./online.ts";

/**
 * Shows the component that `load` gives, once it is there. `load` has to be the same function each time. Browsers keep the
 * failure of code that could not be fetched as long as the document lives: only the page as a whole can be loaded again.
 * `isWholeView`: it then is, by itself, as soon as there is a network; beside other parts a person may be writing.
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { isWholeView = false } = {},
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazy(props: Props) {
    const [state, setState] = useState<"waiting" | "there" | "failed">(loaded ? "there" : "waiting");
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          setState("there");
        },
        () => setState("failed"),
      );
    }, []);
    if (loaded) return <LoadedPart part={loaded} props={props} />;
    return state === "failed" ? (
      <Failed reloadsItself={isWholeView} />
    ) : (
      <p class="waiting" role="status">
        {words().loadingPart}
      </p>
    );
  };
}

function Failed({ reloadsItself }: { reloadsItself: boolean }) {
  const wasOnline = useRef(isOnline.peek());
  useEffect(() => {
    if (reloadsItself && isOnline.value && !wasOnline.current) location.reload();
  }, [isOnline.value]);
  return (
    <div class="problem">
      <p role="alert">{words().partFailed}</p>
      <button type="button" class="button" onClick={() => location.reload()}>
        {words().reload}
      </button>
    </div>
  );
}

function LoadedPart<Props extends object>({ part: Part, props }: { part: ComponentType<Props>; props: Props }) {
  return <Part {...props} />;
}
