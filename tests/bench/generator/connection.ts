/** One keep-alive connection that carries one request at a time. Opens itself again when the server closes it. */

import { connect } from "node:net";
import type { Socket } from "node:net";

import type { Fault } from "./plan.ts";
import { Malformed, Reader } from "./reader.ts";
import type { RawAnswer } from "./reader.ts";

/** A request on its way. */
export interface Sent {
  readonly question: number;
  readonly dueMs: number;
  readonly sentMs: number;
}

/** Who is told what happens on a connection. */
export interface Watcher {
  /** It can carry a request. */
  ready(connection: Connection): void;
  answered(sent: Sent, answer: RawAnswer): void;
  failed(sent: Sent, fault: Fault): void;
  /** It could not be opened, or something came that nobody asked for. It opens again. */
  broken(fault: Fault): void;
}

const READ_BYTES = 65_536;
const REOPEN_MS = 50;

/** A connection. */
export class Connection {
  readonly #origin: URL;
  readonly #watcher: Watcher;
  readonly #buffer: Buffer;
  #socket: Socket | null = null;
  #reader = new Reader();
  #sent: Sent | null = null;
  #isClosed = false;

  /** Connections of one thread may share a buffer: nothing in it is kept beyond a read. */
  constructor(origin: URL, watcher: Watcher, buffer: Buffer) {
    this.#origin = origin;
    this.#watcher = watcher;
    this.#buffer = buffer;
  }

  /** What is on its way, if anything is. */
  get sent(): Sent | null {
    return this.#sent;
  }

  open(): void {
    if (this.#isClosed) return;
    const onread = { buffer: this.#buffer, callback: (bytes: number) => (this.#read(bytes), true) };
    const socket = connect({ host: this.#origin.hostname, port: Number(this.#origin.port), noDelay: true, onread });
    this.#socket = socket;
    this.#reader = new Reader();
    let wasOpen = false;
    socket.once("connect", () => {
      wasOpen = true;
      this.#watcher.ready(this);
    });
    socket.on("error", () => {});
    socket.once("close", () => this.#closed(socket, wasOpen));
  }

  send(bytes: Buffer, sent: Sent): void {
    this.#sent = sent;
    this.#socket?.write(bytes);
  }

  /**
   * Gives up what is on its way and opens a new connection: the answer may still come on the old one. A server may cut a
   * connection on which nothing is on its way.
   */
  giveUp(fault: Fault): void {
    const sent = this.#sent;
    this.#sent = null;
    this.#socket?.destroy();
    if (sent !== null) this.#watcher.failed(sent, fault);
    else if (fault !== "cut") this.#watcher.broken(fault);
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.destroy();
  }

  #read(bytes: number): void {
    try {
      const answer = this.#reader.push(this.#buffer.subarray(0, bytes));
      if (this.#sent === null) throw new Malformed("an answer to nothing");
      if (answer !== null) this.#complete(this.#sent, answer);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.giveUp("malformed");
    }
  }

  #complete(sent: Sent, answer: RawAnswer): void {
    this.#sent = null;
    this.#watcher.answered(sent, answer);
    if (answer.isLast) this.#socket?.destroy();
    else this.#watcher.ready(this);
  }

  #closed(socket: Socket, wasOpen: boolean): void {
    if (socket !== this.#socket) return;
    this.giveUp("cut");
    if (this.#isClosed) return;
    if (wasOpen) return this.open();
    this.#watcher.broken("connect");
    setTimeout(() => this.open(), REOPEN_MS);
  }
}

/** A buffer for the connections of a thread. */
export function readBuffer(): Buffer {
  return Buffer.allocUnsafe(READ_BYTES);
}
