/** The command line of a worker: what generated `main.ts` calls. */
export { main } from "./main.ts";
export type { CreateWorker } from "./surroundings.ts";
