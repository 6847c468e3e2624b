/**
 * Puts the page into its document.
 */
import { render } from "preact";
import { followAddress } from "./address.ts";
import { App } from "./app.tsx";
import { watchAsked } from "./asked.ts";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no element with the id app");
root.replaceChildren();
followAddress();
watchAsked();
render(<App />, root);
