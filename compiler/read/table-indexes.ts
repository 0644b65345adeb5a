import { badIndex, indexTwice } from "../diagnostics/tables.ts";
import type { IndexModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";
import { findField, isKeyScalar } from "./key.ts";
import { type Options, oneOrMoreOption } from "./options.ts";
import type { Reading } from "./reading.ts";

interface Owner {
  readonly subject: string;
  readonly alias: string;
}

/** `index`: fields of the table's rows that hold a scalar. */
export function readIndexes(
  reading: Reading,
  options: Options,
  value: TypeModel,
  owner: Owner,
): readonly IndexModel[] {
  const option = options.get("index");
  if (option === undefined) return [];
  const span = reading.place(option.node);
  const names = oneOrMoreOption(reading, options, "index");
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) reading.report(indexTwice(twice, owner.subject, span));
  return names.flatMap((name) => {
    const field = findField(reading, value, name, { owner, option, span });
    if (field === undefined) return [];
    const type = withoutNull(field.type);
    if (isKeyScalar(type)) return { field: name, type };
    reading.report(badIndex(name, owner.subject, span, field.span));
    return [];
  });
}

/** The one type that a nullable field has where it is not null. */
export function withoutNull(type: TypeModel): TypeModel {
  if (type.kind !== "union") return type;
  const [only, ...others] = type.branches.filter((branch) => branch.type.kind !== "null");
  return only !== undefined && others.length === 0 ? only.type : type;
}
