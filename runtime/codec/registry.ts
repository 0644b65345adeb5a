import { registryCode, registryError } from "./registry/errors.ts";
import type { SubjectStrategy } from "./registry/settings.ts";

/** Knows schemas by number. Confluent's registry is one; the embedded log has its own. */
export interface SchemaRegistry {
  /** How subjects are named; without it, by the topic. */
  readonly strategy?: SubjectStrategy;
  /** The id of a schema under a subject, which it gets if it has none. Equal texts have one id. */
  register(subject: string, schemaText: string): Promise<number>;
  /** The id of a schema that a subject has; `undefined` where it has no such schema. */
  lookup(subject: string, schemaText: string): Promise<number | undefined>;
  /** The text of a schema. Throws SG5032 when the id is unknown. */
  schema(id: number): Promise<string>;
  /** Says which schema a subject has in this program, where ids come without schemas. */
  introduce?(subject: string, schemaText: string): void;
}

/** A registry in memory, for the embedded log and for tests. Ids count from 1. */
export function embeddedRegistry(): SchemaRegistry {
  const texts: string[] = [];
  return {
    async register(_subject, schemaText) {
      const known = texts.indexOf(schemaText);
      return known >= 0 ? known + 1 : texts.push(schemaText);
    },
    async lookup(_subject, schemaText) {
      const known = texts.indexOf(schemaText);
      return known >= 0 ? known + 1 : undefined;
    },
    async schema(id) {
      const text = texts[id - 1];
      if (text === undefined) throw registryError(registryCode.unknown, `there is no schema ${id}`);
      return text;
    },
  };
}
