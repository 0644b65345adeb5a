import type { Hold } from "./pace.ts";

/** The claims of a run's operators on the records that they gather. */
export class Holds {
  readonly #taken = new Set<Hold>();
  readonly #handedOver = new Set<Hold>();

  get isTaken(): boolean {
    return this.#taken.size > 0;
  }

  /** Whether an operator still gathers. */
  get isGathering(): boolean {
    return this.#taken.size > this.#handedOver.size;
  }

  take(): Hold {
    const hold: Hold = {
      handOver: () => this.#handedOver.add(hold),
      release: () => {
        this.#handedOver.delete(hold);
        this.#taken.delete(hold);
      },
    };
    this.#taken.add(hold);
    return hold;
  }

  drop(): void {
    this.#taken.clear();
    this.#handedOver.clear();
  }
}
