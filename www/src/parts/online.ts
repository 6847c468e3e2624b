/**
 * Whether the browser has a network, as far as it knows.
 */
import { signal } from "@preact/signals";

/** false: there is certainly none. */
export const isOnline = signal(navigator.onLine);

for (const event of ["online", "offline"]) addEventListener(event, () => (isOnline.value = navigator.onLine));
