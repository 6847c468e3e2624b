// What wasm-bindgen makes of the exports in worker/src: the names that the entry uses.

declare module "sepay-worker-glue" {
  /** What the Rust side calls: `Entry` in worker/src/life.rs. */
  export interface Entry {
    ended(run: number): void;
    keep(number: number, body: Uint8Array<ArrayBuffer>, etag: string, contentType: string, sentMs: number, freshMs: number, lineParts: string): void;
    forget(number: number): void;
  }
  export function begin(entry: Entry): void;
  export function set_keys(keys: string, tokens: string, ticketSecret: string, previousTicketSecret: string): void;
  export function find(packed: string): number;
  export function last_ticket(): string;
  export function record(request: Request, env: unknown, context: unknown, requestId: string, status: number, beganMs: number): void;
  export function report(run: number, env: unknown): Promise<undefined>;
  export function serve(run: number, request: Request, env: unknown, context: unknown, anew: boolean): Promise<Response | undefined>;
  export function refresh(run: number, request: Request, env: unknown): Promise<undefined>;
  export function __wbg_reset_state(): void;
  export class Gate {
    constructor(state: unknown, env: unknown);
    fetch(request: Request): Promise<Response>;
  }
}
