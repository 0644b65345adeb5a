/**
 * Scalars with an Avro type of their own. Each is its base type for TypeScript, so arithmetic, spread
 * and templates work; the compiler reads the tag. Ranges are checked when a value is encoded.
 */

declare const avro: unique symbol;

/**
 * Its parameters are unused on purpose: all tags stay assignable to each other, yet the checker keeps
 * their arguments. A property that held them would make `Int` and `SafeLong` fight.
 */
interface TagMeta<_T extends string, _O> {
  readonly tag?: true;
}
type Tag<Base, T extends string, O = object> = Base & { readonly [avro]?: TagMeta<T, O> };

/** Avro `int`: a whole number of 32 bits. */
export type Int = Tag<number, "int">;
/** Avro `long` as a number: whole, at most 2^53 - 1 in size; beyond that it throws and never rounds. */
export type SafeLong = Tag<number, "safe-long">;
/** Avro `long` as a bigint: 64 bits. A plain `bigint` means the same. */
export type Long = Tag<bigint, "long">;
/** Avro `float`: 32 bits; what does not fit is rounded, as `Math.fround` does. */
export type Float = Tag<number, "float">;
/** Avro `double`, what a plain `number` means too; written out, it says that double is meant. */
export type Double = Tag<number, "double">;
/** Avro `string` with logical type `uuid`, in the form 8-4-4-4-12. */
export type Uuid = Tag<string, "uuid">;
/** Avro `bytes` with logical type `decimal`: text such as "12.30". More digits than `S` is an error. */
export type Decimal<P extends number, S extends number = 0> = Tag<
  `${number}`,
  "decimal",
  { precision: P; scale: S }
>;
/** Avro `fixed`: exactly `N` bytes. */
export type Fixed<N extends number> = Tag<Uint8Array, "fixed", { size: N }>;
/** Avro `int` with logical type `date`: "2026-11-21". */
export type LocalDate = Tag<`${number}-${number}-${number}`, "date">;
/** Avro `int` with logical type `time-millis`: milliseconds after midnight. */
export type TimeMillis = Tag<number, "time-millis">;
/** Avro `long` with logical type `time-micros`: microseconds after midnight. */
export type TimeMicros = Tag<bigint, "time-micros">;
/** Avro `long` with logical type `timestamp-millis`, as a number; a `Date` is the same on the wire. */
export type TimestampMillis = Tag<number, "timestamp-millis">;
/** Avro `long` with logical type `timestamp-micros`: microseconds since the epoch. */
export type TimestampMicros = Tag<bigint, "timestamp-micros">;
/** Avro `long` with logical type `timestamp-nanos`: nanoseconds since the epoch. */
export type TimestampNanos = Tag<bigint, "timestamp-nanos">;
/** Avro `local-timestamp-millis`: "2026-11-21T09:30:00.000", without a zone. */
export type LocalTimestamp = Tag<string, "local-timestamp-millis">;
/** Avro `local-timestamp-micros`: "2026-11-21T09:30:00.000000", without a zone. */
export type LocalTimestampMicros = Tag<string, "local-timestamp-micros">;

/** Avro `fixed(12)` with logical type `duration`: three unsigned numbers of 32 bits. */
export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly millis: number;
}
