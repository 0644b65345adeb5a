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
    const fields = program.groups
      .map((group) =>
        Object.hasOwn(group.projections, topic.name) ? group.projections[topic.name] : undefined,
      )
      .find((wanted) => wanted !== undefined);
    if (fields === undefined || topic.value.kind !== "record") return [];
    const name = projectedReader(topic);
    return [{ topic: topic.name, record: topic.value.name, fields, name }];
  });
}
