import type { Program } from "../../model/program.ts";
import type { TypeName } from "../../model/type.ts";
import { projectedReader } from "../names.ts";

/** A decoder of some of a record's fields. */
export interface ProjectionModel {
  /** The topic that it is for. */
  readonly topic: string;
  readonly record: TypeName;
  /** The names of the properties, as TypeScript has them. */
  readonly fields: readonly string[];
  /** The name of the generated function, such as `readOrderForOrders`. */
  readonly name: string;
}

/** What the groups' agents read where that is less than everything, in the order of topics. */
export function projectionsOf(program: Program): readonly ProjectionModel[] {
  const fieldsByTopic = new Map(
    program.groups.flatMap(({ projections }) => Object.entries(projections)),
  );
  return program.topics.flatMap((topic) => {
    const { value } = topic;
    const wanted = fieldsByTopic.get(topic.name);
    if (wanted === undefined || value.kind !== "record") return [];
    const record = program.records.find(({ name }) => name === value.name);
    const fields = (record?.fields ?? [])
      .map(({ name }) => name)
      .filter((name) => wanted.includes(name) || isInherited(name));
    return [{ topic: topic.name, record: value.name, fields, name: projectedReader(topic) }];
  });
}

/** What every object has: TypeScript takes no object for a record that lacks its own. */
function isInherited(name: string): boolean {
  return name !== "__proto__" && Object.hasOwn(Object.prototype, name);
}
