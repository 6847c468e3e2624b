/**
 * Reads an order's code with the camera. The camera is on while the dialog is open and the page is seen, and no longer.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { inWords } from "../../i18n.ts";
import { Icon } from "../../parts/icon.tsx";
import { words } from "../../words.ts";
import { closeCamera, faultOf, look, openCamera } from "./camera.ts";
import type { CameraFault } from "./camera.ts";
import { readScan } from "./order.ts";
import type { Scan } from "./order.ts";
import { dictionary } from "./words.ts";

interface CameraProps {
  /** Whether a code pays accounts of others. */
  isForOthers(text: string): boolean;
  onScan(scan: Scan): void;
  onClose(): void;
}

/** The dialog. It closes itself when it has read a code. */
export function CameraDialog({ isForOthers, onScan, onClose }: CameraProps) {
  const w = inWords(dictionary);
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<"opening" | "looking" | "notCode" | "otherPayee" | CameraFault>("opening");
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    const stop = new AbortController();
    const close = () => {
      stop.abort();
      dialog.current?.close();
    };
    const take = (text: string) => {
      const scan = readScan(text);
      if (scan === null) return setState("notCode");
      if (isForOthers(text)) return setState("otherPayee");
      close();
      onScan(scan);
    };
    // What nobody sees must not be filmed.
    const seen = () => document.visibilityState === "hidden" && close();
    document.addEventListener("visibilitychange", seen, { signal: stop.signal });
    if (video.current) run(video.current, take, stop.signal).then(() => setState("looking"), (error) => setState(faultOf(error)));
    return () => stop.abort();
  }, []);
  const isFault = state === "denied" || state === "none" || state === "busy" || state === "failed";
  return (
    <dialog ref={dialog} class="camera" aria-labelledby="camera-title" onClose={onClose}>
      <div class="dialog-head">
        <h2 id="camera-title">{w.cameraTitle}</h2>
        <button type="button" class="icon-button" aria-label={words().close} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      <div class="camera-body">
        <video ref={video} muted playsInline hidden={isFault} aria-hidden="true" />
        <div role="status">
          {isFault && <p class="problem">{w.camera[state]}</p>}
          {state === "opening" && <p class="soft">{w.camera.opening}</p>}
          {state === "looking" && <p class="soft">{w.cameraHint}</p>}
          {state === "notCode" && <p class="note">{w.notCode}</p>}
          {state === "otherPayee" && <p class="note">{w.otherPayee}</p>}
        </div>
      </div>
    </dialog>
  );
}

/* A person may close the dialog while the browser still asks for leave; and what then fails must not leave the light on. */
async function run(video: HTMLVideoElement, onText: (text: string) => void, stop: AbortSignal): Promise<void> {
  const stream = await openCamera();
  const close = () => closeCamera(stream);
  if (stop.aborted) return close();
  stop.addEventListener("abort", close);
  try {
    video.srcObject = stream;
    await video.play();
    await look(video, onText, stop);
  } catch (error) {
    close();
    throw error;
  }
}
