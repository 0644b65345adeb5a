import type { Clock } from "../../clock.ts";
import type { WindowTimes } from "../../state/windows/window-handle.ts";
import type { Moment } from "../tasks/moment.ts";
import type { StreamTime } from "./stream-time.ts";

/** What the windows of a task's functions are chosen by. */
export class TaskTimes implements WindowTimes {
  readonly #time: StreamTime;
  readonly #moment: Moment;
  readonly #clock: Clock;

  constructor(time: StreamTime, moment: Moment, clock: Clock) {
    this.#time = time;
    this.#moment = moment;
    this.#clock = clock;
  }

  get streamTime(): number {
    return this.#time.streamTime;
  }

  get newest(): number {
    return this.#time.newest;
  }

  get eventTime(): number {
    const { cursor, timestamp } = this.#moment;
    return cursor === undefined ? this.streamTime : timestamp;
  }

  get clockTime(): number {
    return this.#clock.now();
  }
}
