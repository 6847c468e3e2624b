/**
 * The refresh button: busy while answers are on their way, closed until the time that a `Retry-After` names.
 */

/** Wraps the button. `onOpen` runs when a pause is over. */
export class RefreshButton {
  readonly #button: HTMLButtonElement;
  readonly #onOpen: () => void;
  #busy = false;
  #closedUntilMs = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(button: HTMLButtonElement, onPress: () => void, onOpen: () => void) {
    this.#button = button;
    this.#onOpen = onOpen;
    button.addEventListener("click", () => {
      if (!this.closed) onPress();
    });
  }

  /** Whether asking has to wait. */
  get closed(): boolean {
    return this.#secondsLeft() > 0;
  }

  /** Tells whether answers are on their way. */
  set busy(busy: boolean) {
    this.#busy = busy;
    this.#draw();
  }

  /** Closes the button for some seconds; of two pauses the longer one counts. */
  close(seconds: number): void {
    this.#closedUntilMs = Math.max(this.#closedUntilMs, Date.now() + seconds * 1000);
    clearInterval(this.#ticking);
    this.#ticking = setInterval(() => this.#tick(), 250);
    this.#draw();
  }

  /** Forgets a pause. */
  reset(): void {
    clearInterval(this.#ticking);
    this.#closedUntilMs = 0;
    this.busy = false;
  }

  #tick(): void {
    this.#draw();
    if (this.closed) return;
    clearInterval(this.#ticking);
    this.#onOpen();
  }

  #secondsLeft(): number {
    return Math.max(0, Math.ceil((this.#closedUntilMs - Date.now()) / 1000));
  }

  /* aria-disabled, not disabled: a disabled button would lose the keyboard's focus. */
  #draw(): void {
    const left = this.#secondsLeft();
    this.#button.setAttribute("aria-disabled", String(left > 0));
    this.#button.textContent = left > 0 ? `Thử lại sau ${left} giây` : this.#busy ? "Đang tải…" : "Làm mới";
  }
}
