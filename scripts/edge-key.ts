// How an edge key is written: `edge_`, 43 digits of its 256 bits, 6 digits of a checksum over all before them. Digits
// are base62, 0-9A-Za-z. The prefix lets a scanner find a leaked key, the checksum tells a mistyped one without a
// request. Pure: the random bytes come in.

import { crc32 } from "node:zlib";

const PREFIX = "edge_";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** How many random bytes a key holds. */
export const KEY_BYTES = 32;

/** Digits that hold 256 bits: 62^43 is 1.02 times 2^256. */
const BODY_DIGITS = 43;

/** Digits that hold 32 bits. */
const CHECKSUM_DIGITS = 6;

const SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{${BODY_DIGITS + CHECKSUM_DIGITS}}$`);

/** Writes a key of 32 random bytes, read big-endian. Throws a `RangeError` at any other number of bytes. */
export function mintKey(random: Uint8Array): string {
  if (random.length !== KEY_BYTES) throw new RangeError(`a key is made of ${KEY_BYTES} bytes, and these are ${random.length}`);
  const number = BigInt(`0x${Buffer.from(random).toString("hex")}`);
  const unchecked = PREFIX + base62(number, BODY_DIGITS);
  return unchecked + checksum(unchecked);
}

/** Tells whether a text is written as `mintKey` writes keys: a mistyped, cut or swapped character is found. */
export function isWellFormed(key: string): boolean {
  return SHAPE.test(key) && key.endsWith(checksum(key.slice(0, -CHECKSUM_DIGITS)));
}

/** CRC-32 (IEEE) of the ASCII text. */
function checksum(text: string): string {
  return base62(BigInt(crc32(text)), CHECKSUM_DIGITS);
}

function base62(number: bigint, digits: number): string {
  const base = BigInt(ALPHABET.length);
  let rest = number;
  let text = "";
  for (let place = 0; place < digits; place += 1, rest /= base) text = ALPHABET.charAt(Number(rest % base)) + text;
  return text;
}
