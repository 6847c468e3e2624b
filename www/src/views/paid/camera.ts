/**
 * Opens the camera and looks for codes in what it sees: by the browser's own detector where there is one, which knows bar
 * codes too, otherwise by a decoder of QR codes. Pictures leave the page in no way.
 */
import decodeQR from "qr/decode.js";

/** Why there is no picture. */
export type CameraFault = "denied" | "none" | "busy" | "failed";

/** Finds the text of a code in a picture; null: there is none. */
type Detector = (video: HTMLVideoElement) => Promise<string | null>;

/* The Shape Detection API, which TypeScript's library does not know yet. */
interface NativeDetector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface NativeDetectorClass {
  new (options: { formats: string[] }): NativeDetector;
  getSupportedFormats(): Promise<string[]>;
}

const FORMATS = ["qr_code", "code_128", "code_39", "ean_13", "data_matrix"];
const MIN_GAP_MS = 100;
/* A decoder needs a few pixels a module and no more. */
const MAX_SIDE_PIXELS = 960;

/** Opens the camera at the back, if there is one. Rejects with what `faultOf` reads. */
export async function openCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
  });
}

/** Closes it: its light goes out. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Tells why the camera did not open. */
export function faultOf(error: unknown): CameraFault {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotReadableError" ? "busy" : "failed";
}

/** Looks at the video's pictures, some ten a second, until told to stop. Every code that is seen is given to `onText`. */
export async function look(video: HTMLVideoElement, onText: (text: string) => void, stop: AbortSignal): Promise<void> {
  const detect = await detectorOf();
  let nextMs = 0;
  const frame = async (nowMs: number): Promise<void> => {
    if (stop.aborted) return;
    if (nowMs >= nextMs && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      nextMs = nowMs + MIN_GAP_MS;
      const text = await detect(video).catch(() => null);
      if (text !== null && !stop.aborted) onText(text);
    }
    requestAnimationFrame((laterMs) => void frame(laterMs));
  };
  requestAnimationFrame((nowMs) => void frame(nowMs));
}

async function detectorOf(): Promise<Detector> {
  const Native = Reflect.get(globalThis, "BarcodeDetector") as NativeDetectorClass | undefined;
  const known = (await Native?.getSupportedFormats().catch(() => [])) ?? [];
  const formats = FORMATS.filter((format) => known.includes(format));
  if (Native === undefined || !formats.includes("qr_code")) return decoder();
  const native = new Native({ formats });
  return async (video) => (await native.detect(video))[0]?.rawValue ?? null;
}

function decoder(): Detector {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  return async (video) => {
    if (pen === null) return null;
    const scale = Math.min(1, MAX_SIDE_PIXELS / Math.max(video.videoWidth, video.videoHeight));
    const width = Math.round(video.videoWidth * scale);
    const height = Math.round(video.videoHeight * scale);
    Object.assign(pen.canvas, { width, height });
    pen.drawImage(video, 0, 0, width, height);
    // It throws when there is no code in the picture.
    return decodeQR(pen.getImageData(0, 0, width, height));
  };
}
