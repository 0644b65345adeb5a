import { recordsAlike, sameKind } from "../diagnostics/values.ts";
import type { Span } from "../model/span.ts";
import type { BranchModel, BranchTest, EnumModel, RecordModel, TypeModel } from "../model/type.ts";
import type { Reading } from "./reading.ts";

/** Stands in a union until `decideTests` has seen every record. */
export const undecided: BranchTest = { kind: "object" };

type Enums = ReadonlyMap<string, EnumModel>;

type Class =
  | "null"
  | "boolean"
  | "number"
  | "bigint"
  | "string"
  | "Date"
  | "Uint8Array"
  | "Array"
  | "object";

/** What a branch's values are in JavaScript. */
export function classOf(type: TypeModel): Class {
  switch (type.kind) {
    case "null":
    case "boolean":
      return type.kind;
    case "int":
    case "safe-long":
    case "float":
    case "double":
    case "time-millis":
    case "timestamp-millis":
      return "number";
    case "long":
    case "time-micros":
    case "timestamp-micros":
    case "timestamp-nanos":
      return "bigint";
    case "string":
    case "uuid":
    case "date":
    case "local-timestamp-millis":
    case "local-timestamp-micros":
    case "decimal":
    case "enum":
      return "string";
    case "timestamp-date":
      return "Date";
    case "bytes":
    case "fixed":
      return "Uint8Array";
    case "array":
      return "Array";
    case "map":
    case "record":
    case "duration":
    case "union":
      return "object";
  }
}

/** Avro's own rule: a union holds one branch of each unnamed type. */
function avroKind(type: TypeModel): string {
  switch (type.kind) {
    case "record":
    case "enum":
    case "fixed":
      return type.name;
    case "safe-long":
    case "long":
    case "time-micros":
    case "timestamp-date":
    case "timestamp-millis":
    case "timestamp-micros":
    case "timestamp-nanos":
    case "local-timestamp-millis":
    case "local-timestamp-micros":
      return "long";
    case "int":
    case "date":
    case "time-millis":
      return "int";
    case "string":
    case "uuid":
      return "string";
    case "bytes":
    case "decimal":
      return "bytes";
    default:
      return type.kind;
  }
}

/** Puts a test into each branch, or reports why no test can tell two of them apart. */
export function decideTests(
  reading: Reading,
  branches: BranchModel[],
  place: { readonly span: Span; readonly subject: string },
): void {
  const types = branches.map((branch) => branch.type);
  const clash = findClash(types);
  if (clash !== undefined) {
    reading.report(sameKind(clash, place.subject, place.span));
    return;
  }
  const records = recordsIn(types, reading.named.records);
  for (const [index, { type }] of branches.entries()) {
    const test = testFor(type, records, reading.named.enums);
    if (test === undefined) {
      reading.report(recordsAlike(records, place.subject, place.span));
      return;
    }
    branches[index] = { type, test };
  }
}

/** Whether values of these types can be told apart. */
export const areTellable = (reading: Reading, types: readonly TypeModel[]): boolean =>
  testsOf(reading, types) !== undefined;

/** What tells values of these types apart, each by its own test; `undefined` where nothing does. */
export function testsOf(
  { named }: Reading,
  types: readonly TypeModel[],
): readonly BranchTest[] | undefined {
  if (findClash(types) !== undefined) return undefined;
  const records = recordsIn(types, named.records);
  const tests = types.flatMap((type) => testFor(type, records, named.enums) ?? []);
  return tests.length === types.length ? tests : undefined;
}

function recordsIn(
  types: readonly TypeModel[],
  known: ReadonlyMap<string, RecordModel>,
): readonly RecordModel[] {
  return types.flatMap((type) => (type.kind === "record" ? (known.get(type.name) ?? []) : []));
}

/** Two branches that JavaScript or Avro cannot keep apart; records are compared by their fields. */
function findClash(types: readonly TypeModel[]): readonly [TypeModel, TypeModel] | undefined {
  for (const [index, second] of types.entries()) {
    const first = types.slice(0, index).find((earlier) => {
      if (earlier.kind === "record" && second.kind === "record") return false;
      return classOf(earlier) === classOf(second) || avroKind(earlier) === avroKind(second);
    });
    if (first !== undefined) return [first, second];
  }
  return undefined;
}

function testFor(
  type: TypeModel,
  records: readonly RecordModel[],
  enums: Enums,
): BranchTest | undefined {
  const is = classOf(type);
  switch (is) {
    case "Date":
    case "Uint8Array":
    case "Array":
      return { kind: "instanceof", is };
    case "object": {
      const record = records.find((one) => type.kind === "record" && one.name === type.name);
      if (record === undefined || records.length === 1) return { kind: "object" };
      return testForRecord(record, records, enums);
    }
    default:
      return { kind: "typeof", is };
  }
}

/** By a literal that differs in all of them, else by a required field that only this one has. */
function testForRecord(
  record: RecordModel,
  records: readonly RecordModel[],
  enums: Enums,
): BranchTest | undefined {
  for (const { name } of record.fields) {
    const literals = records.map((one) => literalIn(one, name, enums));
    const own = literals[records.indexOf(record)];
    const differ = new Set(literals).size === records.length;
    if (own !== undefined && differ && !literals.includes(undefined)) {
      return { kind: "literal", field: name, is: own };
    }
  }
  const others = records.filter((one) => one !== record);
  const alone = record.fields.find(
    (field) =>
      !field.optional &&
      others.every((other) => other.fields.every(({ name }) => name !== field.name)),
  );
  return alone && { kind: "field", field: alone.name };
}

/** The one text that a required field may hold. */
function literalIn(record: RecordModel, name: string, enums: Enums): string | undefined {
  const field = record.fields.find((one) => one.name === name && !one.optional);
  if (field?.type.kind !== "enum") return undefined;
  const symbols = enums.get(field.type.name)?.symbols ?? [];
  return symbols.length === 1 ? symbols[0] : undefined;
}
