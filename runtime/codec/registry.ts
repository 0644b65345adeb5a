import type { SubjectStrategy } from "./registry/settings.ts";

/** Knows schemas by number. Confluent's registry is one, `modelRegistry` another. */
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
