/**
 * A part whose code is fetched when it is first shown.
 */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../words.ts";

/** Shows the component that `load` gives, once it is there. `load` has to be the same function each time. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
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
      <p class="problem" role="alert">
        {words().partFailed}
      </p>
    ) : (
      <p class="waiting" role="status">
        {words().loadingPart}
      </p>
    );
  };
}

function LoadedPart<Props extends object>({ part: Part, props }: { part: ComponentType<Props>; props: Props }) {
  return <Part {...props} />;
}
