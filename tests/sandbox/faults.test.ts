import assert from "node:assert/strict";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { once } from "node:events";
import { after, afterEach, before, test } from "node:test";
import { until } from "../until.ts";
import { get } from "./call.ts";
import { FaultPlan } from "./faults.ts";
import { InputError } from "./reader.ts";
import { startSandbox } from "./server.ts";
import type { Sandbox } from "./server.ts";

let sandbox: Sandbox;
before(async () => void (sandbox = await startSandbox({ requestsPerSecond: 100_000 })));
afterEach(() => sandbox.reset());
after(() => sandbox.close());

const COUNT = "/userapi/transactions/count";
const BODY = `{"status":200,"error":null,"messages":{"success":true},"count_transactions":12000}`;

/** Opens a connection and sends one request on it. */
function ask(target = COUNT): { socket: Socket; received: () => string } {
  let text = "";
  const socket = connect(sandbox.port, "127.0.0.1");
  socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${sandbox.token}\r\n\r\n`);
  socket.on("data", (chunk) => (text += chunk.toString("latin1")));
  return { socket, received: () => text };
}

test("latency_delays_the_answer_and_adds_up", async () => {
  sandbox.addFault({ kind: "latency", ms: 30, count: 1 });
  sandbox.addFault({ kind: "latency", ms: 40, jitterMs: 5, count: 1 });
  const startMs = performance.now();
  assert.equal((await get(sandbox, COUNT)).text, BODY);
  // A timer may fire a fraction of a millisecond early.
  assert.ok(performance.now() - startMs >= 69);
  assert.equal(sandbox.faults().length, 0);
});

test("jitter_is_an_even_share_and_the_same_for_the_same_seed", () => {
  const delays = (): number[] => {
    const plan = new FaultPlan(7);
    plan.add({ kind: "latency", ms: 100, jitterMs: 50 });
    return Array.from({ length: 200 }, () => plan.take("/").delayMs);
  };
  assert.deepEqual(delays(), delays());
  assert.ok(delays().every((ms) => ms >= 100 && ms < 150));
  assert.ok(Math.max(...delays()) - Math.min(...delays()) > 40);
});

test("status_answers_with_status_body_and_headers", async () => {
  sandbox.addFault({ kind: "status", status: 500, count: 1 });
  const plain = await get(sandbox, COUNT);
  assert.equal(plain.status, 500);
  assert.match(plain.text, /^\{"status":500,"error":500,"messages":\{"error":"/);
  const headers = { Location: "https://elsewhere.invalid/login" };
  sandbox.addFault({
    kind: "status",
    status: 302,
    body: "<p>moved",
    contentType: "text/html",
    headers,
    count: 1,
  });
  const moved = await get(sandbox, COUNT);
  assert.deepEqual([moved.status, moved.text], [302, "<p>moved"]);
  assert.equal(moved.headers.get("location"), headers.Location);
  assert.equal(moved.headers.get("content-type"), "text/html");
  sandbox.addFault({ kind: "status", status: 204, count: 1 });
  assert.deepEqual(await get(sandbox, COUNT).then(({ status, text }) => [status, text]), [204, ""]);
  assert.deepEqual(sandbox.counters().byStatus, { 204: 1, 302: 1, 500: 1 });
});

test("hang_keeps_the_socket_until_faults_are_cleared", { timeout: 5000 }, async () => {
  sandbox.addFault({ kind: "hang" });
  const { socket, received } = ask();
  await until(() => sandbox.counters().inFlight > 0, "a request");
  assert.equal(socket.readyState, "open");
  assert.equal(sandbox.requests().at(-1)?.httpStatus, null);
  sandbox.clearFaults();
  await once(socket, "close");
  assert.equal(received(), "");
  await until(() => sandbox.counters().inFlight === 0, "nothing under way");
  assert.deepEqual(sandbox.counters().byStatus, { none: 1 });
});

test("a_client_that_gives_up_on_a_hang_is_no_longer_in_flight", { timeout: 5000 }, async () => {
  sandbox.addFault({ kind: "hang" });
  await assert.rejects(get(sandbox, COUNT, { signal: AbortSignal.timeout(30) }));
  await until(() => sandbox.counters().inFlight === 0, "nothing under way");
  assert.deepEqual(sandbox.counters().byStatus, { none: 1 });
});

test("reset_ends_the_connection_without_a_byte", { timeout: 5000 }, async () => {
  sandbox.addFault({ kind: "reset", count: 1 });
  const { socket, received } = ask();
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNRESET");
  assert.equal(received(), "");
  assert.deepEqual(sandbox.counters().byStatus, { none: 1 });
});

test("cut_announces_all_and_sends_half", async () => {
  sandbox.addFault({ kind: "cut", count: 2 });
  const { socket, received } = ask();
  await once(socket, "close");
  const [head = "", body = ""] = received().split("\r\n\r\n");
  assert.match(head, /^HTTP\/1\.1 200 OK/);
  assert.match(head, new RegExp(`Content-Length: ${BODY.length}\\b`));
  assert.equal(body, BODY.slice(0, BODY.length / 2));
  await assert.rejects(get(sandbox, COUNT));
  assert.equal((await get(sandbox, COUNT)).text, BODY);
});

test("cut_json_is_complete_http_with_half_a_text", async () => {
  sandbox.addFault({ kind: "cut-json", count: 1 });
  const { status, text } = await get(sandbox, COUNT);
  assert.deepEqual([status, text], [200, BODY.slice(0, BODY.length / 2)]);
});

test("empty_html_foreign_429_and_body_answer_as_told", async () => {
  sandbox.addFault({ kind: "empty", count: 1 });
  assert.deepEqual(await get(sandbox, COUNT).then(({ status, text }) => [status, text]), [200, ""]);
  sandbox.addFault({ kind: "html", count: 1 });
  const page = await get(sandbox, COUNT);
  assert.deepEqual([page.status, page.headers.get("content-type")], [200, "text/html; charset=UTF-8"]);
  assert.match(page.text, /^<!DOCTYPE html>/);
  sandbox.addFault({ kind: "html", status: 403, count: 1 });
  assert.equal((await get(sandbox, COUNT)).status, 403);
  sandbox.addFault({ kind: "foreign-429", retryAfterSeconds: 7, count: 1 });
  const foreign = await get(sandbox, COUNT);
  assert.deepEqual([foreign.status, foreign.headers.get("x-sepay-userapi-retry-after")], [429, "7"]);
  assert.equal(sandbox.counters().violations, 0);
  sandbox.addFault({ kind: "body", body: "null", contentType: "text/plain", count: 1 });
  const body = await get(sandbox, COUNT);
  assert.deepEqual([body.status, body.text, body.headers.get("content-type")], [200, "null", "text/plain"]);
});

test("huge_is_valid_json_of_exactly_so_many_bytes_without_a_length", async () => {
  for (const bytes of [5_000_000, 65_536, 90, 1]) {
    sandbox.addFault({ kind: "huge", bytes, count: 1 });
    const { text, headers } = await get(sandbox, COUNT);
    assert.equal(text.length, Math.max(bytes, BODY.length));
    assert.equal(headers.get("content-length"), null);
    assert.deepEqual(JSON.parse(text), JSON.parse(BODY));
  }
});

test("a_client_may_leave_in_the_middle_of_huge", { timeout: 5000 }, async () => {
  sandbox.addFault({ kind: "huge", bytes: 50_000_000_000, count: 1 });
  const { socket } = ask();
  await once(socket, "data");
  socket.destroy();
  await until(() => sandbox.counters().inFlight === 0, "nothing under way");
  assert.equal((await get(sandbox, COUNT)).text, BODY);
});

test("path_count_and_probability_say_what_is_hit", async () => {
  sandbox.addFault({ kind: "status", status: 503, path: "/details/", count: 2 });
  assert.equal((await get(sandbox, COUNT)).status, 200);
  const detail = "/userapi/bankaccounts/details/25";
  const statuses = [];
  for (let index = 0; index < 3; index += 1) statuses.push((await get(sandbox, detail)).status);
  assert.deepEqual(statuses, [503, 503, 200]);
  const plan = new FaultPlan(1);
  plan.add({ kind: "empty", probability: 0.25 });
  const hits = Array.from({ length: 1000 }, () => plan.take("/").fault).filter(
    (fault) => fault !== null,
  ).length;
  assert.ok(hits > 200 && hits < 300, `${hits} hits`);
  plan.clear();
  plan.add({ kind: "empty", probability: 0, count: 1 });
  assert.equal(plan.take("/").fault, null);
  assert.equal(plan.rules[0]?.count, 1);
});

test("the_first_rule_wins_and_the_second_keeps_its_count", () => {
  const plan = new FaultPlan(1);
  plan.add({ kind: "empty", count: 1 });
  plan.add({ kind: "reset", count: 1 });
  const kinds = Array.from({ length: 3 }, () => plan.take("/").fault?.kind);
  assert.deepEqual(kinds, ["empty", "reset", undefined]);
});

test("a_violation_is_429_whatever_the_faults_and_uses_none_up", async () => {
  sandbox.configure({ requestsPerSecond: 1 });
  await get(sandbox, COUNT);
  sandbox.addFault({ kind: "status", status: 500, count: 1 });
  assert.equal((await get(sandbox, COUNT)).status, 429);
  assert.equal(sandbox.faults().length, 1);
});

test("a_fault_that_cannot_be_read_names_its_fields", () => {
  const fields = (input: unknown): readonly string[] => {
    try {
      new FaultPlan(1).add(input);
    } catch (error) {
      assert.ok(error instanceof InputError);
      return error.fields;
    }
    return ["accepted"];
  };
  assert.deepEqual(fields({}), ["kind"]);
  assert.deepEqual(fields({ kind: "slow", ms: 1 }), ["kind"]);
  assert.deepEqual(fields({ kind: "latency" }), ["ms"]);
  assert.deepEqual(fields({ kind: "latency", ms: -1, jitterMs: "x" }), ["ms", "jitterMs"]);
  assert.deepEqual(fields({ kind: "hang", count: 0, probability: 2, path: 1 }), [
    "count",
    "probability",
    "path",
  ]);
  assert.deepEqual(fields({ kind: "status", status: 100 }), ["status"]);
  assert.deepEqual(fields({ kind: "status", status: 500, headers: { "content-length": "1" } }), ["headers"]);
  assert.deepEqual(fields({ kind: "status", status: 500, headers: { a: "b\r\nc" } }), ["headers"]);
  assert.deepEqual(fields({ kind: "status", status: 500, contentType: "a\nb" }), ["contentType"]);
  assert.deepEqual(fields({ kind: "huge", bytes: 1.5 }), ["bytes"]);
  assert.deepEqual(fields({ kind: "body" }), ["body"]);
  assert.deepEqual(fields({ kind: "reset", after: 1 }), ["after"]);
  assert.deepEqual(fields({ kind: "cut", count: null, path: null }), ["accepted"]);
});
