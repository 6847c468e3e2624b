/**
 * Unpacks raw deflate (RFC 1951) where the host cannot, or cannot at once. Reads only what our build has packed and
 * read back: it does not judge its input.
 */

/** Codes by length, as RFC 1951 3.2.2 makes them of the symbols' lengths alone. */
interface Codes {
  /** How many codes there are of each length in bits. */
  readonly counts: Uint16Array;
  /** The symbols in the order of their codes. */
  readonly symbols: Uint16Array;
}

/** Where the reader and the writer stand. */
interface State {
  readonly from: Uint8Array;
  /** The next bit to read. */
  bit: number;
  to: Uint8Array<ArrayBuffer>;
  /** The next byte to write. */
  end: number;
}

const MAX_CODE_BITS = 15;
const END_OF_BLOCK = 256;
/** The order in which a block names the lengths of its lengths' codes. */
const LENGTHS_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Unpacks bytes. */
export function inflate(from: Uint8Array): Uint8Array<ArrayBuffer> {
  const state: State = { from, bit: 0, to: new Uint8Array(from.length * 4), end: 0 };
  let isLast = false;
  while (!isLast) {
    isLast = bits(state, 1) === 1;
    const kind = bits(state, 2);
    if (kind === 0) copyStored(state);
    else expand(state, ...(kind === 1 ? fixedCodes() : readCodes(state)));
  }
  return state.to.slice(0, state.end);
}

/** Reads a number of up to 16 bits, the least bit first. */
function bits(state: State, count: number): number {
  const { from, bit } = state;
  const at = bit >> 3;
  const three = (from[at] ?? 0) | ((from[at + 1] ?? 0) << 8) | ((from[at + 2] ?? 0) << 16);
  state.bit = bit + count;
  return (three >> (bit & 7)) & ((1 << count) - 1);
}

function copyStored(state: State): void {
  const at = ((state.bit + 7) >> 3) + 4;
  const length = (state.from[at - 4] ?? 0) | ((state.from[at - 3] ?? 0) << 8);
  for (const byte of state.from.subarray(at, at + length)) write(state, byte);
  state.bit = (at + length) << 3;
}

function write(state: State, byte: number): void {
  if (state.end === state.to.length) {
    const larger = new Uint8Array(state.end * 2);
    larger.set(state.to);
    state.to = larger;
  }
  state.to[state.end++] = byte;
}

/** A block of bytes and of repetitions of what was written before. */
function expand(state: State, literals: Codes, distances: Codes): void {
  for (let symbol = next(state, literals); symbol !== END_OF_BLOCK; symbol = next(state, literals)) {
    if (symbol < END_OF_BLOCK) {
      write(state, symbol);
      continue;
    }
    const length = symbol === 285 ? 258 : 3 + scaled(state, symbol - 257, 2);
    const distance = 1 + scaled(state, next(state, distances), 1);
    for (let done = 0; done < length; done++) write(state, state.to[state.end - distance] ?? 0);
  }
}

/** The tables of lengths and distances (RFC 1951 3.2.5) as a rule: each `2 ** step` symbols have one bit more. */
function scaled(state: State, symbol: number, step: number): number {
  const extra = Math.max(0, (symbol >> step) - 1);
  const base = extra === 0 ? symbol : ((1 << step) | (symbol & ((1 << step) - 1))) << extra;
  return base + bits(state, extra);
}

/** Reads one symbol, bit by bit: few symbols have long codes. */
function next(state: State, { counts, symbols }: Codes): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    code |= bits(state, 1);
    const count = counts[length] ?? 0;
    if (code - first < count) return symbols[index + code - first] ?? 0;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return END_OF_BLOCK;
}

function codesOf(lengths: readonly number[]): Codes {
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  const symbols = lengths.map((_, symbol) => symbol).filter((symbol) => lengths[symbol] !== 0);
  for (const symbol of symbols) counts[lengths[symbol] ?? 0]! += 1;
  symbols.sort((left, right) => (lengths[left] ?? 0) - (lengths[right] ?? 0) || left - right);
  return { counts, symbols: Uint16Array.from(symbols) };
}

function fixedCodes(): [Codes, Codes] {
  const literals = Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8));
  return [codesOf(literals), codesOf(Array.from({ length: 30 }, () => 5))];
}

/** The codes that a block brings along, packed by codes of their own. */
function readCodes(state: State): [Codes, Codes] {
  const literalCount = 257 + bits(state, 5);
  const distanceCount = 1 + bits(state, 5);
  const packed = Array.from({ length: 19 }, () => 0);
  for (const symbol of LENGTHS_ORDER.slice(0, 4 + bits(state, 4))) packed[symbol] = bits(state, 3);
  const codes = codesOf(packed);
  const lengths: number[] = [];
  while (lengths.length < literalCount + distanceCount) {
    const symbol = next(state, codes);
    const [value, count] = symbol < 16 ? [symbol, 1] : repetition(state, symbol, lengths.at(-1) ?? 0);
    for (let done = 0; done < count; done++) lengths.push(value);
  }
  return [codesOf(lengths.slice(0, literalCount)), codesOf(lengths.slice(literalCount))];
}

/** The length that is repeated, and how often. */
function repetition(state: State, symbol: number, last: number): [number, number] {
  if (symbol === 16) return [last, 3 + bits(state, 2)];
  return [0, symbol === 17 ? 3 + bits(state, 3) : 11 + bits(state, 7)];
}
