/**
 * A QR code's matrix as shapes. Pure. Modules are counted from the upper left corner of the quiet zone.
 */

/** Rows of modules; true is dark. */
export type Matrix = readonly (readonly boolean[])[];

/** The path of an SVG in which a module is one unit: a rectangle for each run of dark modules in a row. */
export function pathOf(matrix: Matrix): string {
  return runsOf(matrix)
    .map(({ x, y, length }) => `M${x} ${y}h${length}v1h-${length}z`)
    .join("");
}

/** The runs of dark modules, row by row. */
export function runsOf(matrix: Matrix): { x: number; y: number; length: number }[] {
  return matrix.flatMap((row, y) =>
    [...row.map((isDark) => (isDark ? "#" : ".")).join("").matchAll(/#+/g)].map((run) => ({
      x: run.index,
      y,
      length: run[0].length,
    })),
  );
}
