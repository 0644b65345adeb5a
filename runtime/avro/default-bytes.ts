import { type Defined, defined } from "./definitions.ts";
import type { DefaultValue, NamedSchema, RecordSchema, Schema } from "./schema.ts";

type Definitions = ReadonlyMap<string, NamedSchema>;

/** A default as the binary encoding has it; `undefined` where it does not fit its type. */
export function defaultBytes(
  value: DefaultValue,
  schema: Schema,
  definitions: Definitions,
): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  return put(parts, value, defined(schema, definitions), definitions)
    ? Buffer.concat(parts)
    : undefined;
}

type Parts = Uint8Array[];

function put(parts: Parts, value: unknown, type: Defined, definitions: Definitions): boolean {
  if (isBranches(type)) return putUnion(parts, value, type, definitions);
  switch (type.type) {
    case "record":
      return putRecord(parts, value, type, definitions);
    case "array": {
      if (!Array.isArray(value)) return false;
      const items = defined(type.items, definitions);
      return putBlock(parts, value, (item) => put(parts, item, items, definitions));
    }
    case "map": {
      if (!isObject(value)) return false;
      const values = defined(type.values, definitions);
      return putBlock(
        parts,
        Object.entries(value),
        ([key, each]) => putText(parts, key) && put(parts, each, values, definitions),
      );
    }
    case "enum": {
      const index = typeof value === "string" ? type.symbols.indexOf(value) : -1;
      return index >= 0 && putLong(parts, index);
    }
    case "fixed": {
      const bytes = latin1(value);
      if (bytes?.length !== type.size) return false;
      parts.push(bytes);
      return true;
    }
    default:
      return putPrimitive(parts, value, type.type);
  }
}

function putPrimitive(parts: Parts, value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "boolean":
      if (typeof value !== "boolean") return false;
      parts.push(Buffer.from([value ? 1 : 0]));
      return true;
    case "int":
      return (Number(value) | 0) === value && putLong(parts, value);
    case "long":
      return typeof value === "number" && Number.isInteger(value) && putLong(parts, value);
    case "float":
    case "double":
      return putFloat(parts, value, type === "float" ? 4 : 8);
    case "string":
      return typeof value === "string" && putText(parts, value);
    default: {
      const bytes = latin1(value);
      if (bytes === undefined) return false;
      putLong(parts, bytes.length);
      parts.push(bytes);
      return true;
    }
  }
}

/** The specification wants the first branch; some writers of schemas mean another. */
function putUnion(
  parts: Parts,
  value: unknown,
  branches: readonly Schema[],
  definitions: Definitions,
): boolean {
  return branches.some((branch, index) => {
    const own: Uint8Array[] = [];
    if (!put(own, value, defined(branch, definitions), definitions)) return false;
    putLong(parts, index);
    parts.push(...own);
    return true;
  });
}

function putRecord(
  parts: Parts,
  value: unknown,
  record: RecordSchema,
  definitions: Definitions,
): boolean {
  if (!isObject(value)) return false;
  return record.fields.every(({ name, type, default: fallback }) => {
    const given = Object.hasOwn(value, name) ? value[name] : fallback;
    return given !== undefined && put(parts, given, defined(type, definitions), definitions);
  });
}

function putBlock<T>(parts: Parts, items: readonly T[], item: (item: T) => boolean): boolean {
  if (items.length > 0) putLong(parts, items.length);
  return items.every(item) && putLong(parts, 0);
}

function putText(parts: Parts, text: string): boolean {
  const bytes = Buffer.from(text, "utf8");
  putLong(parts, bytes.length);
  parts.push(bytes);
  return true;
}

function putFloat(parts: Parts, value: unknown, size: 4 | 8): boolean {
  if (typeof value !== "number") return false;
  const bytes = Buffer.alloc(size);
  if (size === 4) bytes.writeFloatLE(value);
  else bytes.writeDoubleLE(value);
  parts.push(bytes);
  return true;
}

function putLong(parts: Parts, value: number): boolean {
  const whole = BigInt(value);
  if (BigInt.asIntN(64, whole) !== whole) return false;
  let zigzag = BigInt.asUintN(64, (whole << 1n) ^ (whole >> 63n));
  const bytes: number[] = [];
  for (; zigzag >= 128n; zigzag >>= 7n) bytes.push(Number(zigzag & 127n) | 128);
  bytes.push(Number(zigzag));
  parts.push(Buffer.from(bytes));
  return true;
}

/** Bytes in JSON: one character each, up to U+00FF. */
function latin1(value: unknown): Uint8Array | undefined {
  if (typeof value !== "string" || /[^\0-\xff]/.test(value)) return undefined;
  return Buffer.from(value, "latin1");
}

const isBranches = (type: Defined): type is readonly Schema[] => Array.isArray(type);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
