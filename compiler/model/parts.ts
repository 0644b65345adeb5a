import type { TypeModel } from "./type.ts";

/** The types that a type is made of, without those behind a name. */
export function partsOf(type: TypeModel): readonly TypeModel[] {
  switch (type.kind) {
    case "array":
      return [type.items];
    case "map":
      return [type.values];
    case "union":
      return type.branches.map((branch) => branch.type);
    default:
      return [];
  }
}
