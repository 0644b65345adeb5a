import type { Program } from "../model/program.ts";
import { isInternal } from "../model/topic-kinds.ts";

/** What a build was about, for its summary. */
export interface Counts {
  readonly topics: number;
  readonly tables: number;
  readonly functions: number;
  readonly schemas: number;
}

/** Internal topics are not counted: nobody has declared them. */
export function countsOf({ topics, tables, agents, records }: Program): Counts {
  return {
    topics: topics.filter((topic) => !isInternal(topic)).length,
    tables: tables.length,
    functions: agents.length,
    schemas: records.length,
  };
}

/** `3 topics · 2 tables · 4 functions · 3 schemas` */
export function countsText({ topics, tables, functions, schemas }: Counts): string {
  return [
    plural(topics, "topic"),
    plural(tables, "table"),
    plural(functions, "function"),
    plural(schemas, "schema"),
  ].join(" · ");
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
