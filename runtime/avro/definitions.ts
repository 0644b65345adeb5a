import { isUnion, type NamedSchema, type Schema, type TypeSchema } from "./schema.ts";

/** Every named type of a schema, by its full name. */
export function definitionsOf(schema: Schema): ReadonlyMap<string, NamedSchema> {
  const found = new Map<string, NamedSchema>();
  collect(schema, found);
  return found;
}

function collect(schema: Schema, found: Map<string, NamedSchema>): void {
  if (typeof schema === "string") return;
  if (isUnion(schema)) {
    for (const branch of schema) collect(branch, found);
    return;
  }
  switch (schema.type) {
    case "array":
      collect(schema.items, found);
      return;
    case "map":
      collect(schema.values, found);
      return;
    case "record":
      if (found.has(schema.name)) return;
      found.set(schema.name, schema);
      for (const field of schema.fields) collect(field.type, found);
      return;
    case "enum":
    case "fixed":
      found.set(schema.name, schema);
      return;
    default:
      return;
  }
}

/** A schema with its definition at hand: a union, or an object with its attributes. */
export type Defined = readonly Schema[] | TypeSchema;

/** The schema that a name stands for; others are what they are. */
export function defined(schema: Schema, definitions: ReadonlyMap<string, NamedSchema>): Defined {
  if (typeof schema !== "string") return schema;
  const found = definitions.get(schema);
  // What is no definition's name is a primitive's: parsing has refused everything else.
  return found ?? { type: schema as "null" };
}
