/**
 * Finds which field of a value a byte belongs to. Decoders keep no record of the path, which would
 * cost time on every field; when one fails, the bytes are walked again by the schema.
 */
import {
  type FieldSchema,
  isUnion,
  type RecordSchema,
  type Schema,
  type TypeSchema,
} from "./schema.ts";

/**
 * The path, such as `items[3].price`, of the innermost value that holds the byte at `position` or
 * that cannot be walked over; empty where that is the whole value. The value starts at `from`.
 */
export function locate(
  schema: Schema,
  bytes: Uint8Array,
  from: number,
  end: number,
  position: number,
): string {
  const walk: Walk = {
    bytes,
    at: from,
    end,
    position,
    depth: 0,
    steps: 0,
    named: new Map(),
    found: undefined,
  };
  step(walk, schema, "");
  return walk.found ?? "";
}

interface Walk {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly position: number;
  readonly named: Map<string, TypeSchema>;
  at: number;
  depth: number;
  steps: number;
  /** Set once; ends the walk. */
  found: string | undefined;
}

/** Deeper than any decoder goes. */
const depthMax = 1000;
/** Schemas of others can describe endless values that take no bytes. */
const stepsMax = 10_000_000;

function step(walk: Walk, schema: Schema, path: string): void {
  walk.depth += 1;
  walk.steps += 1;
  if (walk.depth > depthMax || walk.steps > stepsMax) walk.found ??= path;
  else if (isUnion(schema)) stepUnion(walk, schema, path);
  else stepType(walk, resolved(walk, schema), path);
  walk.depth -= 1;
}

function stepType(walk: Walk, schema: string | TypeSchema, path: string): void {
  if (typeof schema === "string") {
    stepScalar(walk, schema, path);
    return;
  }
  switch (schema.type) {
    case "record":
      stepRecord(walk, schema, path);
      break;
    case "array":
      stepBlocks(walk, path, (index) => step(walk, schema.items, `${path}[${index}]`));
      break;
    case "map":
      stepBlocks(walk, path, () => {
        const key = textAt(walk, path);
        if (walk.found === undefined) step(walk, schema.values, `${path}[${JSON.stringify(key)}]`);
      });
      break;
    case "fixed":
      advance(walk, schema.size, path);
      break;
    case "enum":
      number(walk, path);
      break;
    default:
      stepScalar(walk, schema.type, path);
  }
}

function stepRecord(walk: Walk, schema: RecordSchema, path: string): void {
  for (const field of schema.fields) {
    if (walk.found !== undefined) return;
    step(walk, field.type, fieldPath(path, field));
  }
}

function stepUnion(walk: Walk, branches: readonly Schema[], path: string): void {
  const index = number(walk, path);
  if (walk.found !== undefined) return;
  const branch = branches[index];
  if (branch === undefined) walk.found = path;
  else step(walk, branch, path);
}

function stepBlocks(walk: Walk, path: string, item: (index: number) => void): void {
  let index = 0;
  for (let left = blockCount(walk, path); left > 0; left = blockCount(walk, path)) {
    for (; left > 0; left--) {
      const before = walk.at;
      item(index++);
      // Items that take no bytes hold no byte either, however many there are.
      if (walk.found !== undefined || walk.at === before) break;
    }
    if (walk.found !== undefined) return;
  }
}

/** The number of items in the next block; 0 at the end, or where the walk is over. */
function blockCount(walk: Walk, path: string): number {
  const count = number(walk, path);
  if (count < 0) number(walk, path);
  return walk.found === undefined ? Math.abs(count) : 0;
}

function stepScalar(walk: Walk, name: string, path: string): void {
  switch (name) {
    case "null":
      break;
    case "boolean":
      advance(walk, 1, path);
      break;
    case "float":
      advance(walk, 4, path);
      break;
    case "double":
      advance(walk, 8, path);
      break;
    case "bytes":
    case "string":
      textAt(walk, path);
      break;
    default:
      number(walk, path);
  }
}

function textAt(walk: Walk, path: string): string {
  const length = number(walk, path);
  const from = walk.at;
  if (walk.found === undefined) advance(walk, length, path);
  return walk.found === undefined
    ? new TextDecoder().decode(walk.bytes.subarray(from, walk.at))
    : "";
}

/** Moves over `size` bytes, and ends the walk where they hold the position or are not all there. */
function advance(walk: Walk, size: number, path: string): void {
  const { at, end, position } = walk;
  if (size < 0 || size > end - at || position < at + size) walk.found ??= path;
  else walk.at += size;
}

/** A number of variable length, as far as doubles are exact. */
function number(walk: Walk, path: string): number {
  const { bytes, at, end } = walk;
  let zigzag = 0;
  let unit = 1;
  for (let index = at; index < end && index < at + 10; index++) {
    const byte = bytes[index] ?? 0;
    zigzag += (byte & 127) * unit;
    unit *= 128;
    if (byte < 128) {
      advance(walk, index + 1 - at, path);
      return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    }
  }
  walk.found ??= path;
  return 0;
}

/** A named type by its definition, which the walk has met before its name. */
function resolved(walk: Walk, schema: string | TypeSchema): string | TypeSchema {
  if (typeof schema === "string") return walk.named.get(schema) ?? schema;
  if ("name" in schema) walk.named.set(schema.name, schema);
  return schema;
}

function fieldPath(path: string, field: FieldSchema): string {
  return path === "" ? field.name : `${path}.${field.name}`;
}
