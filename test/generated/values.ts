/** Values of every type that a field may have. */
import type { Random } from "../random.ts";
import type { FieldType } from "./model.ts";

const text = (random: Random): string =>
  random.pick(["", "a", "ü€", "line\nbreak", "x".repeat(100)]);
const digits = (random: Random): string => String(random.int(100)).padStart(2, "0");

const makers: Readonly<Record<string, (random: Random) => unknown>> = {
  boolean: (random) => random.chance(0.5),
  number: (random) => random.int(1_000_000) / 8 - 1000,
  Double: (random) => random.pick([0, -1.5, 1e300, Number.MIN_VALUE]),
  Float: (random) => Math.fround(random.int(1000) / 3),
  Int: (random) => random.pick([0, -1, 2 ** 31 - 1, -(2 ** 31), random.int(1000)]),
  SafeLong: (random) => random.pick([0, 2 ** 53 - 1, -(2 ** 53 - 1), random.int(1000)]),
  Long: (random) => random.pick([0n, 2n ** 63n - 1n, -(2n ** 63n), BigInt(random.int(1000))]),
  bigint: (random) => BigInt(random.int(1000)),
  string: text,
  Uuid: (random) => `00000000-0000-4000-8000-0000000000${digits(random)}`,
  "Decimal<6, 2>": (random) => `${random.int(1000) + 1}.${digits(random)}`,
  Uint8Array: (random) => new Uint8Array(random.bytes(random.int(5))),
  "Fixed<3>": (random) => new Uint8Array(random.bytes(3)),
  Date: (random) => new Date(random.int(2 ** 31)),
  TimestampMillis: (random) => random.int(2 ** 31),
  TimestampMicros: (random) => BigInt(random.int(2 ** 31)),
  TimestampNanos: (random) => BigInt(random.int(2 ** 31)),
  LocalDate: (random) => `2026-1${random.int(3)}-0${1 + random.int(9)}`,
  TimeMillis: (random) => random.int(86_400_000),
  TimeMicros: (random) => BigInt(random.int(86_400_000)),
  LocalTimestamp: (random) => `2026-11-21T0${random.int(10)}:30:00.0${digits(random)}`,
  LocalTimestampMicros: (random) => `2026-11-21T0${random.int(10)}:30:00.0000${digits(random)}`,
  Duration: (random) => ({ months: random.int(9), days: random.int(9), millis: random.int(9) }),
};

export const scalars: readonly string[] = Object.keys(makers);

export function randomValue(type: FieldType, random: Random): unknown {
  const several = (): readonly unknown[] =>
    "of" in type ? Array.from({ length: random.int(3) }, () => randomValue(type.of, random)) : [];
  switch (type.kind) {
    case "scalar":
      return makers[type.text]?.(random);
    case "symbols":
      return random.pick(type.symbols);
    case "array":
      return several();
    case "map":
      return Object.fromEntries(several().map((value, index) => [`key ${index}`, value]));
    case "nullable":
      return random.chance(0.3) ? null : randomValue(type.of, random);
    case "part":
      return { x: randomValue(type.of, random), y: text(random) };
  }
}
