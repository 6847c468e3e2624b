/**
 * Draws a text as a QR code: dark on white in every scheme, because scanners expect it, with the quiet zone that the standard
 * wants around it.
 */
import encodeQR from "qr";
import { useMemo } from "preact/hooks";
import { inWords } from "../../i18n.ts";
import { Icon } from "../../parts/icon.tsx";
import { pathOf, runsOf } from "./matrix.ts";
import type { Matrix } from "./matrix.ts";
import { dictionary } from "./words.ts";

/* ISO/IEC 18004: four modules. */
const QUIET_MODULES = 4;
const MAX_SIDE_PIXELS = 320;
const PNG_PIXELS_PER_MODULE = 16;

/** The code of a payload, and a button that saves it as a picture. */
export function QrCode({ payload, content }: { payload: string; content: string }) {
  const w = inWords(dictionary);
  const matrix = useMemo(() => encodeQR(payload, "raw", { ecc: "medium", border: QUIET_MODULES }), [payload]);
  // Whole pixels for each module: edges are sharp.
  const side = matrix.length * Math.max(1, Math.floor(MAX_SIDE_PIXELS / matrix.length));
  return (
    <div class="qr">
      <svg
        class="qr-code"
        width={side}
        height={side}
        viewBox={`0 0 ${matrix.length} ${matrix.length}`}
        shape-rendering="crispEdges"
        role="img"
        aria-label={w.qrLabel(content)}
      >
        <rect width={matrix.length} height={matrix.length} fill="#fff" />
        <path d={pathOf(matrix)} fill="#000" />
      </svg>
      <button type="button" class="button" onClick={() => savePng(matrix, `vietqr-${content.replaceAll(" ", "-")}.png`)}>
        <Icon name="download" />
        {w.downloadPng}
      </button>
    </div>
  );
}

function savePng(matrix: Matrix, name: string): void {
  const size = matrix.length * PNG_PIXELS_PER_MODULE;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, size, size);
  pen.fillStyle = "#000";
  pen.scale(PNG_PIXELS_PER_MODULE, PNG_PIXELS_PER_MODULE);
  for (const { x, y, length } of runsOf(matrix)) pen.fillRect(x, y, length, 1);
  canvas.toBlob((picture) => picture && saveAs(name, picture));
}

function saveAs(name: string, file: Blob): void {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
