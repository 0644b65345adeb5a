/** A program's records as a user would have written them. */
import type { Program } from "../../../compiler/model/program.ts";
import type { ScalarKind, TypeModel } from "../../../compiler/model/type.ts";

/** The text of the module that declares every record of the program. */
export function sourceText(program: Program): string {
  const interfaces = program.records.map((record) => {
    const fields = record.fields.map((field) => {
      const mark = field.optional ? "?" : "";
      return `  ${JSON.stringify(field.name)}${mark}: ${typeSource(program, field.type, field.optional)};`;
    });
    return [`export interface ${record.typescriptName} {`, ...fields, "}"].join("\n");
  });
  return [`import type * as S from "streamgen";`, ...interfaces, ""].join("\n\n");
}

function typeSource(program: Program, type: TypeModel, isOptional = false): string {
  switch (type.kind) {
    case "record":
      return program.records.find(({ name }) => name === type.name)?.typescriptName ?? "never";
    case "enum":
      return (program.enums.find(({ name }) => name === type.name)?.symbols ?? [])
        .map((symbol) => JSON.stringify(symbol))
        .join(" | ");
    case "fixed":
      return `S.Fixed<${program.fixed.find(({ name }) => name === type.name)?.size}>`;
    case "decimal":
      return `S.Decimal<${type.precision}, ${type.scale}>`;
    case "array":
      return `readonly (${typeSource(program, type.items)})[]`;
    case "map":
      return `{ [key: string]: ${typeSource(program, type.values)} }`;
    case "union": {
      const branches = type.branches
        .filter((branch) => !(isOptional && branch.type.kind === "null"))
        .map((branch) => typeSource(program, branch.type));
      return branches.length === 0 ? "null" : branches.join(" | ");
    }
    default:
      return scalars[type.kind];
  }
}

const scalars: Readonly<Record<ScalarKind, string>> = {
  null: "null",
  boolean: "boolean",
  int: "S.Int",
  "safe-long": "S.SafeLong",
  long: "S.Long",
  float: "S.Float",
  double: "number",
  string: "string",
  bytes: "Uint8Array",
  uuid: "S.Uuid",
  date: "S.LocalDate",
  "time-millis": "S.TimeMillis",
  "time-micros": "S.TimeMicros",
  "timestamp-date": "Date",
  "timestamp-millis": "S.TimestampMillis",
  "timestamp-micros": "S.TimestampMicros",
  "timestamp-nanos": "S.TimestampNanos",
  "local-timestamp-millis": "S.LocalTimestamp",
  "local-timestamp-micros": "S.LocalTimestampMicros",
  duration: "S.Duration",
};
