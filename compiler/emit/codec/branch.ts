import type { BranchModel, BranchTest, UnionModel } from "../../model/type.ts";
import { type Code, code, literal, member } from "../code.ts";
import type { CodecUnit } from "./unit.ts";

export interface TestedBranch {
  readonly branch: BranchModel;
  /** The index on the wire. */
  readonly index: number;
}

/** Simple tests first: behind them the compiler knows that what is left is an object. */
const order: Readonly<Record<BranchTest["kind"], number>> = {
  typeof: 0,
  instanceof: 1,
  literal: 2,
  field: 3,
  object: 4,
};

/** A union's branches in the order in which they are told apart. */
export function testsInOrder(union: UnionModel): readonly TestedBranch[] {
  return union.branches
    .map((branch, index) => ({ branch, index }))
    .sort((a, b) => order[a.branch.test.kind] - order[b.branch.test.kind]);
}

/** The condition under which `value` is a branch's. */
export function testText(unit: CodecUnit, test: BranchTest): Code {
  switch (test.kind) {
    case "typeof":
      return test.is === "null" ? code`value === null` : code`typeof value === ${literal(test.is)}`;
    case "instanceof":
      if (test.is === "Array") return code`${unit.runtime("isList")}(value)`;
      return test.is === "Date" ? code`value instanceof Date` : code`value instanceof Uint8Array`;
    case "literal":
      return code`value${member(test.field)} === ${literal(test.is)}`;
    case "field":
      return code`${literal(test.field)} in value`;
    case "object":
      return code`typeof value === "object"`;
  }
}

/**
 * The tag that tells a branch apart in JSON, where several of a union's branches are text there: text
 * itself needs none. A map is tagged too where others may be, for it may hold a member of any name.
 */
export function jsonTag(union: UnionModel, { test, type }: BranchModel): string | undefined {
  const isAmbiguous = union.branches.filter(isText).length > 1;
  if (type.kind === "map") {
    return isAmbiguous || union.branches.some(isFloating) ? "$map" : undefined;
  }
  if (!isAmbiguous) return undefined;
  if (test.kind === "instanceof" && test.is === "Date") return "$date";
  if (test.kind === "instanceof" && test.is === "Uint8Array") return "$bytes";
  return test.kind === "typeof" && test.is === "bigint" ? "$bigint" : undefined;
}

/** Whether the branch's JSON form is text. */
function isText({ test }: BranchModel): boolean {
  if (test.kind === "typeof") return test.is === "string" || test.is === "bigint";
  return test.kind === "instanceof" && test.is !== "Array";
}

/** Whether the branch's JSON form may be `{ "$number": "NaN" }`. */
function isFloating({ type }: BranchModel): boolean {
  return type.kind === "double" || type.kind === "float";
}
