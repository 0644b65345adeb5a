import type { Timer } from "../../clock.ts";
import type { Hold, Pace } from "../../stream/pace.ts";

const nothing = (): void => undefined;

/** No time passes while there are values, and enough of it when there are no more. */
export class FakePace implements Pace {
  readonly #alarms = new Set<() => void>();
  readonly askedAgain: () => void = nothing;
  readonly abandon: () => void = nothing;

  now(): number {
    return 0;
  }

  async rest(): Promise<boolean> {
    return true;
  }

  hold(): Hold {
    return { handOver: nothing, release: nothing };
  }

  alarm(_ms: number, ring: () => void): Timer {
    this.#alarms.add(ring);
    return { cancel: () => this.#alarms.delete(ring) };
  }

  /** There are no more values: whoever waits for time goes on with what there is. */
  async end(): Promise<void> {
    for (const ring of this.#alarms) ring();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
