import type { Clock, Timer } from "../../clock.ts";
import type { ClosingDriver } from "./closing-driver.ts";
import type { StreamTime } from "./stream-time.ts";

/** Records that are handled before closed windows have their turn: finding these looks at many rows. */
const recordsMax = 1000;
/** Into so many parts an idle timeout is divided: it is noticed that much late at most. */
const looks = 4;

export interface ClosingsOptions {
  readonly clock: Clock;
  readonly time: StreamTime;
  /** Whether every input was read to its end, as far as it is known. */
  readonly isAtEnd: () => boolean;
  readonly wake: () => void;
}

/** The closed windows of one task: which is next, and when time goes on without records. */
export class Closings {
  readonly #drivers: readonly ClosingDriver[];
  readonly #options: ClosingsOptions;
  readonly #idleMs: number;
  #records = 0;
  #isUnderWay = false;
  #timer: Timer | undefined;
  #total = 0;
  /** The total at the last look, and for how many looks it has stayed. */
  #seen = -1;
  #quiet = 0;
  #isIdle = false;

  constructor(drivers: readonly ClosingDriver[], options: ClosingsOptions) {
    this.#drivers = drivers;
    this.#options = options;
    this.#idleMs = Math.min(...drivers.map(({ idleMs = Number.POSITIVE_INFINITY }) => idleMs));
  }

  /** Whether rows of closed windows wait for their turn. */
  get isBehind(): boolean {
    return this.#drivers.some((driver) => driver.isBehind);
  }

  start(): void {
    if (Number.isFinite(this.#idleMs)) this.#look();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** The driver whose loaded row comes next, where closed windows come before the next record. */
  due(): ClosingDriver | undefined {
    return this.#isUnderWay || this.#records > recordsMax ? this.#next() : undefined;
  }

  /** The same where there is no record to handle. */
  rest(): ClosingDriver | undefined {
    if (this.#isIdle && this.#options.isAtEnd()) this.#pass();
    return this.#next();
  }

  /** A record was handled. */
  count(): void {
    this.#records += 1;
    this.#total += 1;
    this.#isIdle = false;
  }

  rewind(): void {
    this.#isUnderWay = false;
    for (const driver of this.#drivers) driver.rewind();
  }

  #next(): ClosingDriver | undefined {
    const driver = this.#drivers.find((each) => each.load());
    this.#isUnderWay = driver !== undefined;
    if (driver === undefined) this.#records = 0;
    return driver;
  }

  /** Time goes on as far as the newest window with rows: later events of it are late. */
  #pass(): void {
    this.#isIdle = false;
    for (const driver of this.#drivers) {
      const until = driver.idleMs === undefined ? undefined : driver.idleUntil;
      if (until !== undefined) this.#options.time.pass(until);
    }
  }

  #look(): void {
    const { clock, wake } = this.#options;
    this.#timer = clock.timer(Math.ceil(this.#idleMs / looks), () => {
      this.#quiet = this.#total === this.#seen ? this.#quiet + 1 : 0;
      this.#seen = this.#total;
      if (this.#quiet >= looks) {
        this.#quiet = 0;
        this.#isIdle = true;
        wake();
      }
      this.#look();
    });
  }
}
