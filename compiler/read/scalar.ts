import type { ScalarKind } from "../model/type.ts";

/** The language's scalars without parameters. */
export const scalarByName: ReadonlyMap<string, ScalarKind> = new Map([
  ["Int", "int"],
  ["SafeLong", "safe-long"],
  ["Long", "long"],
  ["Float", "float"],
  ["Double", "double"],
  ["Uuid", "uuid"],
  ["LocalDate", "date"],
  ["TimeMillis", "time-millis"],
  ["TimeMicros", "time-micros"],
  ["TimestampMillis", "timestamp-millis"],
  ["TimestampMicros", "timestamp-micros"],
  ["TimestampNanos", "timestamp-nanos"],
  ["LocalTimestamp", "local-timestamp-millis"],
  ["LocalTimestampMicros", "local-timestamp-micros"],
  ["Duration", "duration"],
]);
