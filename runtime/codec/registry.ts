import { StreamgenError } from "../errors.ts";

/** Knows schemas by number. Confluent's registry is one; the embedded log has its own. */
export interface SchemaRegistry {
  /** The id of a schema under a subject, which it gets if it has none. Equal texts have one id. */
  register(subject: string, schemaText: string): Promise<number>;
  /** The text of a schema. Throws SG5032 when the id is unknown. */
  schema(id: number): Promise<string>;
}

/** A registry in memory, for the embedded log and for tests. Ids count from 1. */
export function embeddedRegistry(): SchemaRegistry {
  const texts: string[] = [];
  return {
    async register(_subject, schemaText) {
      const known = texts.indexOf(schemaText);
      return known >= 0 ? known + 1 : texts.push(schemaText);
    },
    async schema(id) {
      const text = texts[id - 1];
      if (text === undefined) throw new StreamgenError("SG5032", `there is no schema ${id}`);
      return text;
    },
  };
}
