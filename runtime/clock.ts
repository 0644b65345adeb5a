/**
 * Time as the runtime sees it. Everything below `worker` is given one, so that a test or a simulation
 * turns it by hand and the same run comes out twice.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `task` once, `delayMs` from now, unless it is cancelled before. Never inside this call. */
  timer(delayMs: number, task: () => void): Timer;
  /** Resolves `delayMs` from now. */
  sleep(delayMs: number): Promise<void>;
}

export interface Timer {
  /** Does nothing once the task has run. */
  cancel(): void;
}

/** A clock that stands still until it is turned. */
export interface ManualClock extends Clock {
  /**
   * Turns the clock on by `byMs`, and runs each task at its own time, in order of time and then of
   * creation. What a task sets going, promises and further timers, has settled before the next one.
   */
  advance(byMs: number): Promise<void>;
  /** When the next task is due; `undefined` without one. */
  readonly nextDue: number | undefined;
}

/** The longest that the engine's own timers can wait. */
const delayMax = 2_147_483_647;

/** The wall clock. What it has still to do keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  timer(delayMs, task) {
    let timeout: NodeJS.Timeout | undefined;
    const arm = (left: number): void => {
      const next = left > delayMax ? () => arm(left - delayMax) : task;
      timeout = setTimeout(next, Math.min(left, delayMax));
    };
    arm(delayMs);
    return { cancel: () => clearTimeout(timeout) };
  },
  sleep: (delayMs) =>
    new Promise((resolve) => {
      systemClock.timer(delayMs, resolve);
    }),
};

interface Task {
  readonly due: number;
  readonly run: () => void;
}

/** A clock that begins at `startMs` since 1970. */
export function manualClock(startMs = 0): ManualClock {
  let now = startMs;
  /** In order of time; tasks of one moment in order of creation. */
  const tasks: Task[] = [];

  const timer = (delayMs: number, run: () => void): Timer => {
    const task = { due: now + Math.max(0, delayMs), run };
    const later = tasks.findIndex((other) => other.due > task.due);
    tasks.splice(later < 0 ? tasks.length : later, 0, task);
    return {
      cancel() {
        const index = tasks.indexOf(task);
        if (index >= 0) tasks.splice(index, 1);
      },
    };
  };

  const takeDue = (until: number): Task | undefined =>
    (tasks[0]?.due ?? Number.POSITIVE_INFINITY) <= until ? tasks.shift() : undefined;

  return {
    now: () => now,
    timer,
    sleep: (delayMs) =>
      new Promise((resolve) => {
        timer(delayMs, resolve);
      }),
    get nextDue() {
      return tasks[0]?.due;
    },
    async advance(byMs) {
      const until = now + byMs;
      await settle();
      for (let task = takeDue(until); task !== undefined; task = takeDue(until)) {
        now = task.due;
        task.run();
        await settle();
      }
      now = until;
    },
  };
}

/** Waits until every promise that can go on by itself has done so. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
