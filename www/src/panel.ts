/**
 * One part of the board (accounts or transactions) and its states: waiting, shown, empty, failed.
 * What was shown before stays while a refresh runs or fails, and is then called old.
 */
import type { SePayError } from "../../src/js/npm/src/edge.ts";
import type { Answer } from "./api.ts";
import { clock } from "./format.ts";
import { byId } from "./page.ts";
import { problemNote } from "./view.ts";

/** The words and rows that differ between the parts. */
export interface PanelParts<T> {
  /** Ids of the part's elements start with it. */
  name: string;
  /** What is hidden while there are no rows. */
  frame: HTMLElement;
  /** Where the rows go. */
  rows: HTMLElement;
  build(row: T): HTMLElement;
  /** Says that the list is cut. */
  cutNote(shown: number): string;
}

/** Shows one list. */
export class Panel<T> {
  readonly #parts: PanelParts<T>;
  #shownAsOf = "";

  constructor(parts: PanelParts<T>) {
    this.#parts = parts;
  }

  /** Says that an answer is on its way. */
  wait(): void {
    this.#element("").setAttribute("aria-busy", "true");
    this.#element("-waiting").hidden = this.#shownAsOf !== "";
    this.#element("-empty").hidden ||= this.#shownAsOf === "";
  }

  /** Shows an answer that came at `nowMs`. */
  show(answer: Answer<T>, nowMs: number): void {
    const { rows, complete, ageSecs } = answer;
    this.#settle();
    this.#shownAsOf = clock(nowMs - ageSecs * 1000);
    this.#element("-updated").textContent = `Cập nhật lúc ${this.#shownAsOf}`;
    this.#parts.rows.replaceChildren(...rows.map((row) => this.#parts.build(row)));
    this.#parts.frame.hidden = rows.length === 0;
    this.#element("-empty").hidden = rows.length > 0;
    this.#element("-note").hidden = complete;
    this.#element("-note").textContent = complete ? "" : this.#parts.cutNote(rows.length);
  }

  /** Shows why there is no answer. What the key may not see is taken away. */
  fail(problem: SePayError, nowMs: number): void {
    if (problem.status === 403) this.clear();
    this.#settle();
    if (this.#shownAsOf !== "") this.#element("-updated").textContent = `Dữ liệu cũ, lúc ${this.#shownAsOf}`;
    this.#element("-problem").replaceChildren(problemNote(problem, nowMs));
  }

  /** Takes away everything that was shown. */
  clear(): void {
    this.#settle();
    this.#shownAsOf = "";
    this.#element("-updated").textContent = "";
    this.#parts.rows.replaceChildren();
    this.#parts.frame.hidden = true;
    this.#element("-empty").hidden = true;
    this.#element("-note").hidden = true;
  }

  #settle(): void {
    this.#element("").removeAttribute("aria-busy");
    this.#element("-waiting").hidden = true;
    this.#element("-problem").replaceChildren();
  }

  #element(suffix: string): HTMLElement {
    return byId(this.#parts.name + suffix, HTMLElement);
  }
}
