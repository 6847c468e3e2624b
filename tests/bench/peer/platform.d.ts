/** The little of the platform that the peer uses and the compiler does not know. */
declare module "cloudflare:workers" {
  export class DurableObject<Env> {
    constructor(state: unknown, env: Env);
    protected readonly env: Env;
  }
}
