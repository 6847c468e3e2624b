/**
 * How the keys move from day to day. Pure.
 */

const WEEK = 7;

/**
 * The place of the day that a key leads to, of so many; `marked` is where it is now (null: at the last one). null: at none.
 * undefined: the key is not one of these.
 */
export function placeAfter(key: string, marked: number | null, days: number): number | null | undefined {
  const now = marked ?? days - 1;
  const places: Record<string, number> = {
    ArrowLeft: now - 1,
    ArrowDown: now - 1,
    ArrowRight: now + 1,
    ArrowUp: now + 1,
    PageDown: now - WEEK,
    PageUp: now + WEEK,
    Home: 0,
    End: days - 1,
  };
  const place = Object.hasOwn(places, key) ? places[key] : undefined;
  if (place === undefined) return key === "Escape" ? null : undefined;
  return Math.min(Math.max(place, 0), days - 1);
}
