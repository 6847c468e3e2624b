/**
 * How smooth the list of transactions is, by the browser's own measures: its trace of the page's main thread, its event timing
 * (from an input to the paint after it) and its frames. It judges nothing; a busy machine gives larger figures.
 */
import type { Browser, Page } from "playwright-core";

/** Frames, as requestAnimationFrame tells them. */
export interface Frames {
  readonly frames: number;
  /** The longest time from one to the next, in milliseconds. */
  readonly longestFrameMs: number;
  /** How many came more than 50 ms after the one before. */
  readonly longFrames: number;
}

/** What scrolling cost, in milliseconds. */
export interface ScrollSpeed extends Frames {
  readonly rows: number;
  /** The longest task on the page's main thread, from the trace. */
  readonly longestTaskMs: number;
  /** The most processor time that a task of it took: what others on the machine take from it is not counted. */
  readonly longestTaskCpuMs: number;
}

/** From an input to the paint after it, in milliseconds, by what was done; 16 stands for "one frame or less". */
export type FilterSpeed = Readonly<Record<string, number>>;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing", "toplevel"];
const FROM = "speed-from";
const TO = "speed-to";
/* The least that the browser tells of an event. */
const ONE_FRAME_MS = 16;
/* Three frames at 60 Hz are 50 ms, give or take the clock's grain. */
const LONG_MS = 51;
const WHEEL_PX = 200;
const WHEEL_TURNS = 100;

/** Loads as many rows as SePay gives into the list that the page shows. */
export async function loadAllRows(page: Page): Promise<number> {
  await page.locator(".reach button").click();
  await page.waitForFunction(() => Number(document.querySelector("[role=grid]")?.getAttribute("aria-rowcount")) > 5000);
  return Number(await page.locator("[role=grid]").getAttribute("aria-rowcount")) - 1;
}

/** Scrolls through the whole list: as a wheel does, then in leaps of a screen and more at each frame, to its end and back. */
export async function scrollSpeed(browser: Browser, page: Page): Promise<ScrollSpeed> {
  const rows = Number(await page.locator("[role=grid]").getAttribute("aria-rowcount")) - 1;
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  await browser.startTracing(page, { categories: CATEGORIES });
  const watched = await framesOfScrolling(page);
  const trace = await browser.stopTracing();
  return { rows, ...watched, ...longestTask(trace) };
}

/**
 * The frames of the same scrolling through as many plain lines, on a page without any script or style: what this browser does on
 * this machine at best.
 */
export async function plainFrames(browser: Browser, like: Page): Promise<Frames> {
  const heightPx = await like.evaluate(() => document.documentElement.scrollHeight);
  const page = await (await browser.newContext({ viewport: like.viewportSize() })).newPage();
  await page.evaluate((linePx) => {
    for (let line = 1; line <= 5000; line += 1) {
      const made = document.createElement("div");
      made.style.height = `${linePx}px`;
      made.textContent = `line ${line}`;
      document.body.append(made);
    }
  }, heightPx / 5000);
  const frames = await framesOfScrolling(page);
  await page.context().close();
  return frames;
}

/** Changes filters as a person does, and tells how long each took to be painted. */
export async function filterSpeed(page: Page): Promise<FilterSpeed> {
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  const search = page.locator("#text-filter");
  const directions = page.locator("fieldset .chip");
  await search.focus();
  const speeds: Record<string, number> = {};
  for (const key of ["d", "h", "0", "Backspace", "Backspace", "Backspace"]) {
    const name = key === "Backspace" ? "a letter taken away" : "a letter typed";
    speeds[name] = Math.max(speeds[name] ?? 0, await paintedAfter(page, () => page.keyboard.press(key)));
  }
  speeds["money out"] = await paintedAfter(page, () => directions.nth(2).click());
  speeds["both directions"] = await paintedAfter(page, () => directions.nth(0).click());
  return speeds;
}

/* The longest event that the browser tells of until two frames after the input. */
async function paintedAfter(page: Page, input: () => Promise<void>): Promise<number> {
  await page.evaluate((threshold) => {
    const seen: number[] = [];
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: "event", durationThreshold: threshold } as PerformanceObserverInit);
    Object.assign(window, { speedEvents: { seen, observer } });
  }, ONE_FRAME_MS);
  await input();
  return page.evaluate(async (least) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const { seen, observer } = Reflect.get(window, "speedEvents") as { seen: number[]; observer: PerformanceObserver };
    for (let left = 4; left > 0; left -= 1) await frame();
    seen.push(...observer.takeRecords().map(({ duration }) => duration));
    observer.disconnect();
    return Math.max(least, ...seen);
  }, ONE_FRAME_MS);
}

async function framesOfScrolling(page: Page): Promise<Frames> {
  await watchFrames(page);
  await page.mouse.move(200, 400);
  for (let turn = 0; turn < WHEEL_TURNS; turn += 1) await page.mouse.wheel(0, WHEEL_PX);
  await page.evaluate(leapThrough);
  return framesWatched(page);
}

async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(
    ({ from, longMs }) => {
      const watched = { longest: 0, frames: 0, long: 0, isOver: false };
      let last = performance.now();
      const next = (now: number) => {
        watched.longest = Math.max(watched.longest, now - last);
        if (now - last > longMs) watched.long += 1;
        watched.frames += 1;
        last = now;
        if (!watched.isOver) requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
      Object.assign(window, { speedFrames: watched });
      performance.mark(from);
    },
    { from: FROM, longMs: LONG_MS },
  );
}

async function framesWatched(page: Page): Promise<Frames> {
  return page.evaluate((to) => {
    performance.mark(to);
    const watched = Reflect.get(window, "speedFrames") as { longest: number; frames: number; long: number; isOver: boolean };
    watched.isOver = true;
    return { longestFrameMs: Math.round(watched.longest * 10) / 10, longFrames: watched.long, frames: watched.frames };
  }, TO);
}

/* Runs in the page: to the list's end in 300 frames, and back in as many. */
async function leapThrough(): Promise<void> {
  const endPx = document.documentElement.scrollHeight - innerHeight;
  const steps = 300;
  for (let step = 0; step <= 2 * steps; step += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    scrollTo({ top: (endPx * (step <= steps ? step : 2 * steps - step)) / steps, behavior: "instant" });
  }
}

/* Tasks of the thread that set the marks, between them. The trace counts microseconds. */
function longestTask(trace: Buffer): Pick<ScrollSpeed, "longestTaskMs" | "longestTaskCpuMs"> {
  const { traceEvents } = JSON.parse(trace.toString("utf8")) as { traceEvents: TraceEvent[] };
  const [from, to] = [FROM, TO].map((name) => traceEvents.find((event) => event.name === name));
  if (!from || !to) throw new Error("the trace lacks the page's marks");
  const isWithin = ({ pid, tid, ts }: TraceEvent) => pid === from.pid && tid === from.tid && ts >= from.ts && ts <= to.ts;
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && isWithin(event));
  if (tasks.length === 0) throw new Error("the trace has no tasks");
  const longestMs = (timesUs: number[]): number => Math.round(Math.max(...timesUs) / 100) / 10;
  return { longestTaskMs: longestMs(tasks.map(({ dur = 0 }) => dur)), longestTaskCpuMs: longestMs(tasks.map(({ tdur = 0 }) => tdur)) };
}
