/** Who takes a payment to the sandbox, and goes when the page does. Without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Transaction } from "../../www/src/model.ts";
import type { Store } from "../../www/src/state/store.ts";
import { Courier } from "../../www/src/views/sandbox/courier.ts";

const PAYMENT = { accountNumber: "0071000888888", amountIn: 5000, content: "DH001", code: null };

test("a_courier_that_ended_while_sending_waits_for_nothing", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const answer = Promise.withResolvers<Response>();
  t.mock.method(globalThis, "fetch", () => answer.promise);
  const rows = signal<Transaction[]>([]);
  const courier = new Courier("/_sandbox/transactions", { may: () => true, live: { rows } } as unknown as Store);
  const taken = courier.take(PAYMENT);
  courier.end();
  answer.resolve(Response.json({ id: "7" }));
  await taken;
  t.mock.timers.tick(60_000);
  rows.value = [{ id: "7" } as Transaction];
  assert.equal(courier.state.value.kind, "sending", "nothing came after the end");
});

test("a_courier_takes_one_payment_after_the_other", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(globalThis, "fetch", async () => Response.json({ id: "7" }));
  const rows = signal<Transaction[]>([]);
  const courier = new Courier("/_sandbox/transactions", { may: () => true, live: { rows } } as unknown as Store);
  await courier.take(PAYMENT);
  assert.equal(courier.state.value.kind, "waiting");
  await courier.take(PAYMENT);
  rows.value = [{ id: "7" } as Transaction];
  assert.equal(courier.state.value.kind, "arrived");
});
