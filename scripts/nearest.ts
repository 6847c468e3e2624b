// The name that was probably meant.

/** Returns the known name most like a given one, none when nothing is near. Case, `_` and `-` do not count. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replace(/[_-]/g, "");
  const scored = known.map((name) => ({ name, distance: distance(plain(given), plain(name)) }));
  const [best] = scored.sort((left, right) => left.distance - right.distance);
  // A third of the letters may be wrong: more would be a guess.
  return best !== undefined && best.distance <= Math.max(1, Math.floor(given.length / 3)) ? best.name : undefined;
}

/** How many letters must be put in, taken out or replaced to make one text the other (Levenshtein). */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (const [place, other] of [...right].entries()) {
      const [replaced = 0, removed = 0, added = 0] = [row[place], row[place + 1], next[place]];
      next.push(Math.min(replaced + (letter === other ? 0 : 1), removed + 1, added + 1));
    }
    row = next;
  }
  return row.at(-1) ?? left.length;
}
