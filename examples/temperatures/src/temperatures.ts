import type { Closed, Each, Hopping, Int, To, Topic, Tumbling, WindowedTable } from "streamgen";

export interface Reading {
  sensor: string;
  degrees: number;
  at: Date;
}

/** What came in within one window. */
export interface Sum {
  count: Int;
  degrees: number;
}

export interface Mean {
  sensor: string;
  from: Date;
  count: Int;
  degrees: number;
}

export interface Heat {
  sensor: string;
  /** The highest of the last minute. */
  degrees: number;
}

export type Readings = Topic<
  "readings",
  { value: Reading; keyBy: "sensor"; time: "at"; external: true }
>;
export type Means = Topic<"means", { value: Mean; keyBy: "sensor" }>;
export type Heats = Topic<"heats", { value: Heat; keyBy: "sensor" }>;

/** Ten seconds after ten seconds. */
export type Sums = WindowedTable<
  "sums",
  { key: string; value: Sum; window: Tumbling<"10s">; grace: "5s" }
>;
/** The last minute, every ten seconds. */
export type Highest = WindowedTable<
  "highest",
  { key: string; value: number; window: Hopping<"1m", "10s">; grace: "0s" }
>;

export function addReading({ sensor, degrees }: Each<Readings>, sums: Sums): void {
  sums.update(sensor, (sum) => ({
    count: (sum?.count ?? 0) + 1,
    degrees: (sum?.degrees ?? 0) + degrees,
  }));
}

/** The mean of each window, once, when the window is closed: Faust's `on_window_close`. */
export function tellMean({ key, value, window }: Closed<Sums, { idle: "1m" }>): To<Means> {
  const { count, degrees } = value;
  return { sensor: key, from: new Date(window.start), count, degrees: degrees / count };
}

/** Tells of each reading that is the highest of the last minute. */
export function tellHeat(reading: Each<Readings>, highest: Highest): To<Heats> | undefined {
  const { sensor, degrees } = reading;
  const before = highest.get(sensor) ?? Number.NEGATIVE_INFINITY;
  highest.update(sensor, (value = degrees) => Math.max(value, degrees));
  return degrees > before ? { sensor, degrees } : undefined;
}
