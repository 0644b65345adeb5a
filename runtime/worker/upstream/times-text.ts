import type { ToldTime } from "./upstream-times.ts";

/**
 * Times of many partitions as a short text, which goes beside an offset:
 *
 *     text ::= unit ":" lowest ":" time ("," time)*
 *     time ::= (units since the lowest, in base 36 | "-" where nothing was told) ["!" where it is idle]
 *
 * Where there is not enough room, the unit is larger, and times are rounded down: stream time may then
 * stand a little longer after a restart, and nothing is late that was not.
 */
const unitsMs = [1, 1000, 60_000, 3_600_000, Number.MAX_SAFE_INTEGER];

export function writeTimes(times: readonly ToldTime[], roomMax: number): string {
  const lowest = Math.min(...times.map(({ time }) => time).filter(Number.isFinite));
  const base = Number.isFinite(lowest) ? lowest : 0;
  let text = "";
  for (const unitMs of unitsMs) {
    const written = times.map(({ time, isIdle }) => {
      const units = Number.isFinite(time) ? Math.floor((time - base) / unitMs).toString(36) : "-";
      return isIdle ? `${units}!` : units;
    });
    text = `${unitMs}:${base}:${written.join()}`;
    if (text.length <= roomMax) return text;
  }
  return "";
}

/** Gives nothing for what is no such text. */
export function readTimes(text: string): readonly ToldTime[] {
  const match = /^(\d+):(-?\d+):(.+)$/.exec(text);
  if (match === null) return [];
  const [unitMs, base] = [Number(match[1]), Number(match[2])];
  return (match[3] ?? "").split(",").map((written) => {
    const isIdle = written.endsWith("!");
    const units = Number.parseInt(written, 36);
    const time = Number.isNaN(units) ? Number.NEGATIVE_INFINITY : base + units * unitMs;
    return { time, isIdle };
  });
}
