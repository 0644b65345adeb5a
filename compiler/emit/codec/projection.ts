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
  return program.topics.flatMap((topic) => {
    const { value } = topic;
    if (value.kind !== "record") return [];
    const record = program.records.find(({ name }) => name === value.name);
    return program.groups.flatMap((group) => {
      const wanted = group.projections[topic.name];
      if (wanted === undefined) return [];
      const fields = (record?.fields ?? [])
        .map(({ name }) => name)
        .filter((name) => wanted.includes(name) || isInherited(name));
      const name = projectedReader(topic, group);
      return [{ topic: topic.name, record: value.name, fields, name }];
    });
  });
}

/** What every object has: TypeScript takes no object for a record that lacks its own. */
function isInherited(name: string): boolean {
  return name !== "__proto__" && Object.hasOwn(Object.prototype, name);
}
