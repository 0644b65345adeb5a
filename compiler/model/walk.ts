import type { Program } from "./program.ts";
import type { TypeModel } from "./type.ts";

/** A type in a program and where it stands: `shop.Order.items[]`, `topic orders.key`. */
export interface TypePlace {
  readonly type: TypeModel;
  readonly path: string;
}

/** Every type of a program, parts after what they are a part of. Named types are not entered. */
export function walkTypes(program: Program): readonly TypePlace[] {
  return [
    ...program.records.flatMap((record) =>
      record.fields.flatMap((field) => walkType(field.type, `${record.name}.${field.name}`)),
    ),
    ...program.topics.flatMap(({ name, key, value }) => [
      ...(key.kind === "none" ? [] : walkType(key.type, `topic ${name}.key`)),
      ...walkType(value, `topic ${name}.value`),
    ]),
    ...program.tables.flatMap(({ name, key, value }) => [
      ...walkType(key, `table ${name}.key`),
      ...walkType(value, `table ${name}.value`),
    ]),
  ];
}

export function walkType(type: TypeModel, path: string): readonly TypePlace[] {
  return [
    { type, path },
    ...partsOf(type).flatMap((part) => walkType(part.type, path + part.step)),
  ];
}

/** The types that a type is made of, without those behind a name. */
export function partsOf(type: TypeModel): readonly { type: TypeModel; step: string }[] {
  switch (type.kind) {
    case "array":
      return [{ type: type.items, step: "[]" }];
    case "map":
      return [{ type: type.values, step: "{}" }];
    case "union":
      return type.branches.map((branch, index) => ({ type: branch.type, step: `|${index}` }));
    default:
      return [];
  }
}
