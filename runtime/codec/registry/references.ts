import { definitionsOf } from "../../avro/definitions.ts";
import { parseSchema } from "../../avro/parse.ts";
import { type NamedSchema, schemaText } from "../../avro/schema.ts";
import { StreamgenError } from "../../errors.ts";
import type { SchemaAnswer, SchemaReference } from "./answers.ts";
import { registryCode, registryError } from "./errors.ts";

type Fetch = (reference: SchemaReference) => Promise<SchemaAnswer | undefined>;

/** References of references among them. */
const referencesMax = 100;

/** The text of a schema with what it refers to inside. Throws SG5051 where that is no schema. */
export async function inlineReferences(schema: SchemaAnswer, fetch: Fetch): Promise<string> {
  const known = new Map<string, NamedSchema>();
  await learn(schema.references, fetch, known, new Set());
  return schemaText(parseSchema(schema.schema, known));
}

/** Makes the types known that references name, those first that they are made of. */
async function learn(
  references: readonly SchemaReference[],
  fetch: Fetch,
  known: Map<string, NamedSchema>,
  seen: Set<string>,
): Promise<void> {
  for (const reference of references) {
    const { name, subject, version } = reference;
    const key = `${subject}\n${version}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > referencesMax) {
      throw new StreamgenError("SG5051", `a schema has more than ${referencesMax} references`);
    }
    const found = await fetch(reference);
    if (found === undefined) {
      throw registryError(
        registryCode.unknown,
        `the schema registry does not have version ${version} of "${subject}", ` +
          `which a schema uses as "${name}"`,
      );
    }
    await learn(found.references, fetch, known, seen);
    const types = definitionsOf(parseSchema(found.schema, known));
    for (const [type, definition] of types) known.set(type, definition);
  }
}
