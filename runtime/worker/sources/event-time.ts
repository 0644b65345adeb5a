import { StreamgenError } from "../../errors.ts";
import type { TopicSpec } from "../spec.ts";

/** The event time of a value. Throws SG8021 where the field that holds it does not hold a time. */
export function eventTime<K, V>(topic: TopicSpec<K, V>, value: V, timestamp: number): number {
  if (topic.timeOf === undefined) return timestamp;
  const time = topic.timeOf(value);
  if (Number.isSafeInteger(time)) return time;
  throw new StreamgenError("SG8021", `its time field is ${time}, no time in milliseconds`);
}
