/**
 * Pictures for a README: screenshots side by side, framed, as small as the browser's own WebP encoder makes them.
 */
import type { Browser } from "playwright-core";

/** How it is put together, in pixels of the picture. */
const LAYOUT = { gap: 32, radius: 14 };

/** Tried one after the other, until the picture is small enough. */
const QUALITIES = [0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5];

/** Makes one WebP file of PNG files of the same height, as good as `mostBytes` let it be; larger when nothing helps. */
export async function encode(browser: Browser, shots: readonly Buffer[], mostBytes: number): Promise<Buffer> {
  const page = await browser.newPage();
  try {
    const texts = shots.map((shot) => `data:image/png;base64,${shot.toString("base64")}`);
    return Buffer.from(await page.evaluate(draw, { texts, mostBytes, qualities: QUALITIES, ...LAYOUT }), "base64");
  } finally {
    await page.close();
  }
}

interface Drawing {
  readonly texts: readonly string[];
  readonly mostBytes: number;
  readonly qualities: readonly number[];
  readonly gap: number;
  readonly radius: number;
}

/* Runs in the browser, so it can use nothing from outside of it. */
async function draw({ texts, mostBytes, qualities, gap, radius }: Drawing): Promise<string> {
  const images = await Promise.all(texts.map(async (text) => createImageBitmap(await (await fetch(text)).blob())));
  const width = images.reduce((sum, image) => sum + image.width, gap * (images.length - 1));
  const canvas = new OffscreenCanvas(width, Math.max(...images.map((image) => image.height)));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  let left = 0;
  for (const image of images) {
    context.save();
    context.beginPath();
    context.roundRect(left + 0.5, 0.5, image.width - 1, image.height - 1, radius);
    context.clip();
    context.drawImage(image, left, 0);
    context.restore();
    // Otherwise a white page would have no end on a white README.
    context.strokeStyle = "rgb(128 128 128 / 45%)";
    context.lineWidth = 2;
    context.stroke();
    left += image.width + gap;
  }
  let blob = new Blob();
  for (const quality of qualities) {
    blob = await canvas.convertToBlob({ type: "image/webp", quality });
    if (blob.size <= mostBytes) break;
  }
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
