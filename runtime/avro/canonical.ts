import { isUnion, type RecordSchema, type Schema } from "./schema.ts";

/** Avro's parsing canonical form: what fingerprints are made of (specification 1.12). */
export function canonicalForm(schema: Schema): string {
  return canonical(schema, new Set());
}

function canonical(schema: Schema, seen: Set<string>): string {
  if (typeof schema === "string") return JSON.stringify(schema);
  if (isUnion(schema)) return `[${schema.map((branch) => canonical(branch, seen)).join(",")}]`;
  switch (schema.type) {
    case "array":
      return `{"type":"array","items":${canonical(schema.items, seen)}}`;
    case "map":
      return `{"type":"map","values":${canonical(schema.values, seen)}}`;
    case "record":
    case "enum":
    case "fixed": {
      if (seen.has(schema.name)) return JSON.stringify(schema.name);
      seen.add(schema.name);
      const head = `{"name":${JSON.stringify(schema.name)},"type":"${schema.type}"`;
      if (schema.type === "record") return `${head},"fields":[${canonicalFields(schema, seen)}]}`;
      return schema.type === "enum"
        ? `${head},"symbols":${JSON.stringify(schema.symbols)}}`
        : `${head},"size":${schema.size}}`;
    }
    default:
      return JSON.stringify(schema.type);
  }
}

function canonicalFields(schema: RecordSchema, seen: Set<string>): string {
  return schema.fields
    .map((field) => `{"name":${JSON.stringify(field.name)},"type":${canonical(field.type, seen)}}`)
    .join(",");
}
