/** A browser and the stub, for a suite. */
import { after, afterEach, before } from "node:test";
import type { Browser } from "playwright-core";
import { closePages, startChromium } from "./chromium.ts";
import { startStub } from "./stub.ts";
import type { Stub } from "./stub.ts";

/** Both, once the suite has begun. */
export interface StubHouse {
  browser: Browser;
  stub: Stub;
}

/** Starts both for a suite. Behind each test every page is closed, and the stub is as it was. */
export function stubHouse(): StubHouse {
  const house = {} as StubHouse;
  before(async () => {
    [house.browser, house.stub] = await Promise.all([startChromium(), startStub()]);
  });
  after(async () => {
    await house.browser?.close();
    await house.stub?.close();
  });
  afterEach(async () => {
    await closePages(house.browser);
    house.stub.reset();
  });
  return house;
}
