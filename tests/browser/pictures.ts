/**
 * QR codes as pictures: how a test reads one from a screenshot, what a payment code says, and a film for Chromium's camera.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import encodeQR from "qr";

const JSQR = createRequire(import.meta.url).resolve("jsqr/dist/jsQR.js");

/** Reads a picture's QR code by jsQR, on a page without a policy. */
export async function decoded(from: Page, png: Buffer): Promise<string> {
  const page = await from.context().newPage();
  await page.evaluate(await readFile(JSQR, "utf8"));
  const read = await page.evaluate(async (source) => {
    const image = Object.assign(new Image(), { src: source });
    await image.decode();
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    const pen = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    pen?.drawImage(image, 0, 0);
    const decode = Reflect.get(window, "jsQR") as typeof import("jsqr").default;
    const pixels = pen?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    // Not every bank app reads light on dark.
    const found = decode(pixels, width, height, { inversionAttempts: "dontInvert" });
    const { topLeftCorner, topRightCorner } = found?.location ?? {};
    return found && { text: found.data, share: ((topRightCorner?.x ?? 0) - (topLeftCorner?.x ?? 0)) / width };
  }, `data:image/png;base64,${png.toString("base64")}`);
  await page.close();
  assert.ok(read, "the picture holds a QR code");
  assert.ok(read.share > 0.5, `the code fills the picture: ${read.share} of its width`);
  return read.text;
}

/** The value of an object of an EMV text. */
export function fact(text: string, id: string): string | undefined {
  for (let at = 0; at < text.length; at += 4 + Number(text.slice(at + 2, at + 4))) {
    if (text.slice(at, at + 2) === id) return text.slice(at + 4, at + 4 + Number(text.slice(at + 2, at + 4)));
  }
  return undefined;
}

/** CRC-16/CCITT-FALSE by long division, bit by bit. */
export function crc(text: string): string {
  const bits = [...Buffer.from(text), 0, 0].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((at) => (byte >> at) & 1));
  for (let at = 0; at < 16; at += 1) bits[at]! ^= 1;
  for (let at = 0; at < bits.length - 16; at += 1) {
    if (bits[at]) for (const tap of [0, 4, 11, 16]) bits[at + tap]! ^= 1;
  }
  return Number.parseInt(bits.slice(-16).join(""), 2).toString(16).toUpperCase().padStart(4, "0");
}

/** One picture of a QR code as a film (YUV4MPEG2, 640 by 480, grey), which Chromium plays over and over. */
export function filmOf(text: string): Buffer {
  const [width, height] = [640, 480];
  const matrix = encodeQR(text, "raw", { border: 4 });
  const scale = Math.floor(height / matrix.length);
  const left = Math.floor((width - matrix.length * scale) / 2);
  const light = Buffer.alloc(width * height, 235);
  matrix.forEach((row, y) =>
    row.forEach((isDark, x) => {
      for (let line = 0; isDark && line < scale; line += 1) {
        const at = (y * scale + line) * width + left + x * scale;
        light.fill(16, at, at + scale);
      }
    }),
  );
  const colours = Buffer.alloc((width * height) / 2, 128);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\nFRAME\n`), light, colours]);
}
