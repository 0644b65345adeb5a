/** Random values of a type, in the form of TypeScript and in that of avsc. */
import type { Program } from "../../../compiler/model/program.ts";
import type { TypeModel } from "../../../compiler/model/type.ts";
import type { Random } from "../../random.ts";
import { branchName } from "./codec-models.ts";

/** One value twice. */
export interface Pair {
  /** As generated codecs have it. */
  readonly value: unknown;
  /** As avsc has it, with wrapped unions and without logical types. */
  readonly oracle: unknown;
}

const both = (value: unknown): Pair => ({ value, oracle: value });

const texts = [
  ...["", "a", "order", "customer-4711", "sixteen letters.", "seventeen letters", "x".repeat(21)],
  ...["y".repeat(22), "z".repeat(64), "é", "größe", "москва", "東京都", "🙂", "a\u0000b", "\ufffd"],
  ...["é".repeat(21), "中".repeat(22), "🙂ok ".repeat(30), "ÿ".repeat(40), "__proto__x", "$date"],
];

const doubles = [0, -0, 1.5, -1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, 0.1];
const ints = [0, -1, 1, 63, 64, -64, -65, 8191, -8193, 2 ** 27, 2 ** 31 - 1, -(2 ** 31)];
/** Within what avsc writes rightly. */
const longs = [...ints, 2 ** 31, 2 ** 34, -(2 ** 35), 2 ** 41 + 1, 1.76e12, 2 ** 52, -(2 ** 52)];

/** A random value; `depth` is how far records that hold themselves may still go. */
export function randomValue(
  random: Random,
  program: Program,
  type: TypeModel,
  depth: number = 3,
): Pair {
  const inner = (part: TypeModel): Pair => randomValue(random, program, part, depth);
  switch (type.kind) {
    case "array": {
      const items = Array.from({ length: depth > 0 ? random.int(4) : 0 }, () => inner(type.items));
      return { value: items.map((item) => item.value), oracle: items.map((item) => item.oracle) };
    }
    case "map":
      return randomMap(random, depth > 0 ? random.int(4) : 0, () => inner(type.values));
    case "union": {
      const branch = random.pick(type.branches);
      const { value, oracle } = inner(branch.type);
      if (branch.type.kind === "null") return both(null);
      return { value, oracle: { [branchName(branch.type)]: oracle } };
    }
    case "record":
      return randomRecord(random, program, type.name, depth - 1);
    case "enum":
      return both(random.pick(program.enums.find(({ name }) => name === type.name)?.symbols ?? []));
    case "fixed": {
      const size = program.fixed.find(({ name }) => name === type.name)?.size ?? 0;
      return bytes(random.bytes(size));
    }
    case "decimal":
      return randomDecimal(random, type.precision, type.scale);
    default:
      return randomScalar(random, type.kind);
  }
}

function randomRecord(random: Random, program: Program, name: string, depth: number): Pair {
  const record = program.records.find((each) => each.name === name);
  const value: Record<string, unknown> = {};
  const oracle: Record<string, unknown> = {};
  for (const field of record?.fields ?? []) {
    const pair = randomValue(random, program, field.type, depth);
    oracle[field.wireName] = pair.oracle;
    if (field.optional && pair.value === null) continue;
    Object.defineProperty(value, field.name, {
      value: pair.value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return { value, oracle };
}

function randomMap(random: Random, size: number, make: () => Pair): Pair {
  const value = Object.create(null);
  const oracle: Record<string, unknown> = {};
  for (let index = 0; index < size; index++) {
    const pair = make();
    const key = random.pick(texts);
    value[key] = pair.value;
    oracle[key] = pair.oracle;
  }
  return { value, oracle };
}

function randomScalar(random: Random, kind: string): Pair {
  const fraction = random.int(1000);
  switch (kind) {
    case "null":
      return both(null);
    case "boolean":
      return both(random.chance(0.5));
    case "int":
      return both(random.chance(0.5) ? random.pick(ints) : random.int(1000) - 500);
    case "safe-long":
    case "timestamp-millis":
      return both(random.pick(longs));
    case "long":
    case "timestamp-micros":
    case "timestamp-nanos": {
      const long = random.pick(longs);
      return { value: BigInt(long), oracle: long };
    }
    case "float":
      return both(Math.fround(random.pick(doubles)));
    case "double":
      return both(random.pick(doubles));
    case "bytes":
      return bytes(random.bytes(random.int(80)));
    case "uuid":
      return both(uuid(random));
    case "date": {
      const days = random.int(2_932_896 + 719_528) - 719_528;
      return { value: new Date(days * 86_400_000).toISOString().slice(0, 10), oracle: days };
    }
    case "time-millis":
      return both(random.int(86_400_000));
    case "time-micros": {
      const micros = random.int(86_400_000) * 1000 + fraction;
      return { value: BigInt(micros), oracle: micros };
    }
    case "timestamp-date": {
      const millis = random.int(2 ** 40) - 2 ** 39;
      return { value: new Date(millis), oracle: millis };
    }
    case "local-timestamp-millis":
    case "local-timestamp-micros":
      return localTimestamp(kind, random.int(2 ** 42) - 2 ** 41, fraction);
    case "duration":
      return randomDuration(random);
    default:
      return both(random.pick(texts));
  }
}

function localTimestamp(kind: string, millis: number, micros: number): Pair {
  const text = new Date(millis).toISOString().slice(0, 23);
  if (kind === "local-timestamp-millis") return { value: text, oracle: millis };
  const rest = String(micros).padStart(3, "0");
  return { value: text + rest, oracle: millis * 1000 + micros };
}

function randomDuration(random: Random): Pair {
  const parts = [random.int(2 ** 32), random.int(2 ** 32), random.int(2 ** 32)] as const;
  const oracle = Buffer.alloc(12);
  parts.forEach((part, index) => {
    oracle.writeUInt32LE(part, index * 4);
  });
  const [months, days, millis] = parts;
  return { value: { months, days, millis }, oracle };
}

function randomDecimal(random: Random, precision: number, scale: number): Pair {
  const digits = Array.from({ length: 1 + random.int(precision) }, () => random.int(10)).join("");
  const unscaled = BigInt(digits) * (random.chance(0.5) ? 1n : -1n);
  const text = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  const point = text.length - scale;
  const value =
    (unscaled < 0n ? "-" : "") + text.slice(0, point) + (scale > 0 ? `.${text.slice(point)}` : "");
  return { value, oracle: twosComplement(unscaled) };
}

/** Written another way than the runtime's: by halves, from the definition. */
function twosComplement(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.unshift(Number(rest & 255n));
    rest >>= 8n;
  } while (!((rest === 0n && (bytes[0] ?? 0) < 128) || (rest === -1n && (bytes[0] ?? 0) >= 128)));
  return Buffer.from(bytes);
}

function uuid(random: Random): string {
  const hex = random.bytes(16).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const bytes = (oracle: Buffer): Pair => ({ value: new Uint8Array(oracle), oracle });
