import { StreamgenError } from "../../errors.ts";
import type { WorkerCore } from "../worker-core.ts";

/** Thrown by a handler's turn: it wants the record again later. */
export class Postponement extends Error {
  readonly delayMs: number;

  constructor(delayMs: number) {
    super("the record was given back");
    this.delayMs = delayMs;
  }
}

/** How long a record may be given back altogether. */
const waitedMaxMs = 3_600_000;

/** Waits until a record that was given back is handled again. */
export class Redelivery {
  readonly #core: WorkerCore;
  #offset = -1;
  #waitedMs = 0;

  constructor(core: WorkerCore) {
    this.#core = core;
  }

  /**
   * Rejects where the task goes back or ends meanwhile, by SG8202, and with SG8405 where
   * the record at `offset` has waited for too long.
   */
  async wait(offset: number, { delayMs }: Postponement): Promise<void> {
    if (offset !== this.#offset) this.#waitedMs = 0;
    this.#offset = offset;
    this.#waitedMs += delayMs;
    if (this.#waitedMs > waitedMaxMs) {
      throw new StreamgenError(
        "SG8405",
        "the record was given back, by nack, for more than an hour",
      );
    }
    this.#core.services.signals.count("nacks");
    await this.#core.pause(delayMs);
  }
}
