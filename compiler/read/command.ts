import { argumentNotFlag, argumentsNotRecord } from "../diagnostics/timers.ts";
import type { CommandFlagModel } from "../model/command-flag.ts";
import type { Span } from "../model/span.ts";
import type { FieldModel, TypeModel } from "../model/type.ts";
import type { Candidate } from "./candidates.ts";
import { claim, fullName, pascal } from "./named.ts";
import type { Reading } from "./reading.ts";
import type { ReadTrigger } from "./trigger.ts";
import { inline } from "./where.ts";

/** The arguments of `Command<Arguments>`, and their flags. `undefined` after a report. */
export function readCommand(
  reading: Reading,
  { name, trigger }: Candidate,
): ReadTrigger | undefined {
  const [written] = trigger.arguments;
  const span = reading.place(written?.node ?? trigger.node);
  const typeName = `${pascal(name)}Arguments`;
  const type = written
    ? reading.readType(reading, written, {
        name: typeName,
        fixedName: `${name}_arguments`,
        subject: `the parameter of command "${name}"`,
        namespace: reading.options.namespace,
        declaration: inline,
        optional: false,
        within: [],
      })
    : noArguments(reading, typeName, span);
  if (type?.kind !== "record") {
    if (type !== undefined) reading.report(argumentsNotRecord(name, span));
    return undefined;
  }
  const fields = reading.named.records.get(type.name)?.fields ?? [];
  const taken = new Set(["help"]);
  const flags = fields.flatMap((field) => {
    const flag = flagOf(reading, field);
    if (flag !== undefined && !taken.has(flag.name)) {
      taken.add(flag.name);
      return [flag];
    }
    const problem =
      flag === undefined ? "has a type that no flag can say" : "has a flag that is taken";
    reading.report(argumentNotFlag({ command: name, argument: field.name, problem }, field.span));
    return [];
  });
  if (flags.length < fields.length) return undefined;
  return { model: { kind: "command", arguments: type, flags }, onError: "stop" };
}

/** What a bare `Command` is given: a record without fields. */
function noArguments(reading: Reading, typescriptName: string, span: Span): TypeModel | undefined {
  const name = fullName(reading.options.namespace, typescriptName);
  const identity = `${span.file}#${span.start} ${typescriptName}`;
  if (claim(reading, name, { identity, span }) !== "new") return undefined;
  reading.named.records.set(name, {
    name,
    typescriptName,
    declaration: inline,
    aliases: [],
    fields: [],
    recursive: false,
    span,
  });
  return { kind: "record", name };
}

function flagOf(reading: Reading, field: FieldModel): CommandFlagModel | undefined {
  const { type, isOptional } = withoutNull(field.type);
  const isList = type.kind === "array";
  const item = isList ? type.items : type;
  const kind = kindOf(item);
  if (kind === undefined || (isList && kind === "switch")) return undefined;
  const choices = item.kind === "enum" ? reading.named.enums.get(item.name)?.symbols : undefined;
  return {
    name: flagName(field.name),
    property: field.name,
    kind,
    ...(isList && { isList }),
    ...(isOptional && { isOptional }),
    ...(choices !== undefined && { choices }),
    ...(field.doc !== undefined && { help: field.doc }),
  };
}

/** A type that may be null, as an optional one may, without that. */
function withoutNull(type: TypeModel): { readonly type: TypeModel; readonly isOptional: boolean } {
  if (type.kind !== "union") return { type, isOptional: false };
  const [first, ...others] = type.branches.filter((branch) => branch.type.kind !== "null");
  const isOptional = others.length + 1 < type.branches.length;
  return { type: first !== undefined && others.length === 0 ? first.type : type, isOptional };
}

function kindOf(type: TypeModel): CommandFlagModel["kind"] | undefined {
  switch (type.kind) {
    case "boolean":
      return "switch";
    case "int":
    case "safe-long":
    case "float":
    case "double":
    case "time-millis":
    case "timestamp-millis":
      return "number";
    case "string":
    case "uuid":
    case "enum":
    case "long":
    case "decimal":
    case "date":
    case "timestamp-date":
    case "local-timestamp-millis":
    case "local-timestamp-micros":
    case "time-micros":
    case "timestamp-micros":
    case "timestamp-nanos":
      return "text";
    default:
      return undefined;
  }
}

/** `dryRun` as `dry-run`. */
const flagName = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
