import { parseSchema } from "../../avro/parse.ts";
import { isUnion } from "../../avro/schema.ts";
import { registryCode, registryError } from "./errors.ts";
import type { SubjectStrategy } from "./settings.ts";

/**
 * The subject under which the schema of a topic's values stands. Throws SG5040 where the strategy asks
 * for a record's name and the values are no records.
 */
export function subjectOf(
  strategy: SubjectStrategy | undefined,
  topic: string,
  schemaText: string | undefined,
): string {
  if (strategy === undefined || strategy === "topic" || schemaText === undefined) {
    return `${topic}-value`;
  }
  const schema = parseSchema(schemaText);
  if (typeof schema === "string" || isUnion(schema) || !("name" in schema)) {
    throw registryError(
      registryCode.settings,
      `registry.subjects is "${strategy}", and the values of topic "${topic}" are no records: ` +
        'use "topic", or a record',
    );
  }
  return strategy === "record" ? schema.name : `${topic}-${schema.name}`;
}
