/**
 * An Avro schema as JavaScript values. Objects nest: each use of a named type may hold its whole
 * definition; inside itself, a type is its full name.
 */
export type Schema = string | UnionSchema | TypeSchema;

/** The branches in the order of their index on the wire. */
export type UnionSchema = readonly Schema[];

export type TypeSchema =
  | PrimitiveSchema
  | ArraySchema
  | MapSchema
  | RecordSchema
  | EnumSchema
  | FixedSchema;

/** A type with a name, to which other places may refer. */
export type NamedSchema = RecordSchema | EnumSchema | FixedSchema;

/** A primitive with attributes, such as a logical type. */
export interface PrimitiveSchema {
  readonly type: Primitive;
  readonly logicalType?: string;
  readonly precision?: number;
  readonly scale?: number;
}

export type Primitive =
  | "null"
  | "boolean"
  | "int"
  | "long"
  | "float"
  | "double"
  | "bytes"
  | "string";

export interface ArraySchema {
  readonly type: "array";
  readonly items: Schema;
}

export interface MapSchema {
  readonly type: "map";
  readonly values: Schema;
}

export interface RecordSchema {
  readonly type: "record";
  /** The full name, such as `shop.Order`. */
  readonly name: string;
  readonly doc?: string;
  readonly aliases?: readonly string[];
  readonly fields: readonly FieldSchema[];
}

export interface FieldSchema {
  readonly name: string;
  readonly doc?: string;
  readonly type: Schema;
  /** By Avro's rules for defaults: bytes are text, a union's default is its first branch's. */
  readonly default?: DefaultValue;
  readonly aliases?: readonly string[];
  readonly order?: "ascending" | "descending" | "ignore";
}

export interface EnumSchema {
  readonly type: "enum";
  readonly name: string;
  readonly doc?: string;
  readonly aliases?: readonly string[];
  readonly symbols: readonly string[];
  /** What readers take for a symbol that they do not have. */
  readonly default?: string;
}

export interface FixedSchema {
  readonly type: "fixed";
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly size: number;
  readonly logicalType?: string;
  readonly precision?: number;
  readonly scale?: number;
}

export type DefaultValue =
  | null
  | boolean
  | number
  | string
  | readonly DefaultValue[]
  | { readonly [name: string]: DefaultValue };

/** The schema as JSON text in which the first use of a name defines it and later ones refer to it. */
export function schemaText(schema: Schema): string {
  return JSON.stringify(withoutRepeats(schema, new Set()));
}

function withoutRepeats(schema: Schema, seen: Set<string>): Schema {
  if (typeof schema === "string") return schema;
  if (isUnion(schema)) return schema.map((branch) => withoutRepeats(branch, seen));
  switch (schema.type) {
    case "array":
      return { ...schema, items: withoutRepeats(schema.items, seen) };
    case "map":
      return { ...schema, values: withoutRepeats(schema.values, seen) };
    case "record":
      return recordWithoutRepeats(schema, seen);
    case "enum":
    case "fixed":
      return isRepeat(schema.name, seen) ? schema.name : schema;
    default:
      return schema;
  }
}

function recordWithoutRepeats(schema: RecordSchema, seen: Set<string>): Schema {
  if (isRepeat(schema.name, seen)) return schema.name;
  const fields = schema.fields.map((field) => ({
    ...field,
    type: withoutRepeats(field.type, seen),
  }));
  return { ...schema, fields };
}

function isRepeat(name: string, seen: Set<string>): boolean {
  if (seen.has(name)) return true;
  seen.add(name);
  return false;
}

export function isUnion(schema: Schema): schema is UnionSchema {
  return Array.isArray(schema);
}
