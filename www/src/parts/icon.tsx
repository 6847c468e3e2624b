/**
 * The page's icons: lines on a grid of 24, drawn in the colour of the text around them. They say nothing of their own.
 */
const PATHS = {
  accounts: "M3 10l9-6 9 6M5 10v8M10 10v8M14 10v8M19 10v8M3 20h18",
  transactions: "M7 4v14M3 14l4 4 4-4M17 20V6M13 10l4-4 4 4",
  paid: "M4 12l5 5L20 6",
  gate: "M3 12h4l3-8 4 16 3-8h4",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M4 12l5 5L20 6",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 100 6 3 3 0 000-6",
  eyeOff: "M4 4l16 16M10 6a9 9 0 012-1c6 0 10 7 10 7a18 18 0 01-3 4M6 8a17 17 0 00-4 4s4 7 10 7a9 9 0 004-1",
  close: "M5 5l14 14M19 5L5 19",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 10a3 3 0 100 6 3 3 0 000-6",
  search: "M11 4a7 7 0 100 14 7 7 0 000-14M16 16l5 5",
  plus: "M12 5v14M5 12h14",
  out: "M14 4h6v16h-6M15 12H3M7 8l-4 4 4 4",
} as const;

/** An icon's name. */
export type IconName = keyof typeof PATHS;

/** Draws an icon. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
