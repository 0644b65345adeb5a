import type { TypeModel, TypeName } from "../../model/type.ts";
import type { ModelIndex } from "./model-index.ts";

/**
 * The fewest bytes that a value takes, by which readers bound counts before they believe them. A record
 * inside itself counts as nothing: what leads to it takes a byte at least.
 */
export function smallestSize(
  index: ModelIndex,
  type: TypeModel,
  open: readonly TypeName[] = [],
): number {
  switch (type.kind) {
    case "null":
      return 0;
    case "float":
      return 4;
    case "double":
      return 8;
    case "duration":
      return 12;
    case "fixed":
      return index.fixed(type.name).size;
    case "union":
      return 1 + Math.min(...type.branches.map((branch) => smallestSize(index, branch.type, open)));
    case "record":
      if (open.includes(type.name)) return 0;
      return index
        .record(type.name)
        .fields.map((field) => smallestSize(index, field.type, [...open, type.name]))
        .reduce((sum, size) => sum + size, 0);
    default:
      return 1;
  }
}
