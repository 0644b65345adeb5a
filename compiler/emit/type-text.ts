import type {
  DeclarationModel,
  PartStep,
  RecordModel,
  ScalarKind,
  TypeModel,
} from "../model/type.ts";
import { type Code, code, join, literal, nothing, propertyName, typeLiteral } from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { shortName } from "./names.ts";
import { codecFileOf, recordOf } from "./records.ts";

/** A type of the model as TypeScript writes it. */
export function typeText(file: GeneratedFile, type: TypeModel): Code {
  switch (type.kind) {
    case "record":
      return recordText(file, recordOf(file, type.name));
    case "enum":
      return enumText(file, type.name);
    case "array":
      return code`${elementText(file, type.items)}[]`;
    case "map":
      return code`Record<string, ${typeText(file, type.values)}>`;
    case "union":
      return join(
        type.branches.map((branch) => typeText(file, branch.type)),
        code` | `,
      );
    case "decimal":
      return code`\`\${number}\``;
    case "fixed":
      return code`Uint8Array`;
    default:
      return scalarText(file, type.kind);
  }
}

/** An array's items: a union needs parentheses. */
function elementText(file: GeneratedFile, type: TypeModel): Code {
  const text = typeText(file, type);
  return type.kind === "union" || type.kind === "enum" ? code`(${text})` : text;
}

function scalarText(file: GeneratedFile, kind: ScalarKind): Code {
  switch (kind) {
    case "null":
      return code`null`;
    case "boolean":
      return code`boolean`;
    case "int":
    case "safe-long":
    case "float":
    case "double":
    case "time-millis":
    case "timestamp-millis":
      return code`number`;
    case "long":
    case "time-micros":
    case "timestamp-micros":
    case "timestamp-nanos":
      return code`bigint`;
    case "string":
    case "uuid":
    case "local-timestamp-millis":
    case "local-timestamp-micros":
      return code`string`;
    case "date":
      return code`\`\${number}-\${number}-\${number}\``;
    case "bytes":
      return code`Uint8Array`;
    case "timestamp-date":
      return code`Date`;
    case "duration":
      return file.imports.type("@streamgen/runtime/codec", "Duration");
  }
}

function recordText(file: GeneratedFile, record: RecordModel): Code {
  const declared = declarationText(file, record.declaration);
  if (declared !== undefined) return declared;
  const path = codecFileOf(file, record.name);
  if (path !== file.path) return file.generatedType(path, shortName(record.name));
  // `{}` would take anything.
  if (record.fields.length === 0) return code`Record<string, never>`;
  return typeLiteral(
    record.fields.map((field) => {
      const mark = field.optional ? code`?` : nothing;
      const type = field.optional ? withoutNull(field.type) : field.type;
      return code`${propertyName(field.name)}${mark}: ${typeText(file, type)}`;
    }),
  );
}

/** An optional field's type as it is written: null stands for its absence. */
const withoutNull = (type: TypeModel): TypeModel =>
  type.kind === "union"
    ? { ...type, branches: type.branches.filter((branch) => branch.type.kind !== "null") }
    : type;

function enumText(file: GeneratedFile, name: string): Code {
  const found = file.program.enums.find((each) => each.name === name);
  if (found === undefined) throw new Error(`SG9004: the model has no enum "${name}"`);
  return declarationText(file, found.declaration) ?? join(found.symbols.map(literal), code` | `);
}

function declarationText(file: GeneratedFile, declaration: DeclarationModel): Code | undefined {
  switch (declaration.kind) {
    case "export": {
      const name = file.userType(declaration);
      if (declaration.arguments.length === 0) return name;
      const types = declaration.arguments.map((each) => typeText(file, each));
      return code`${name}<${join(types, code`, `)}>`;
    }
    case "part": {
      const whole = declarationText(file, declaration.of);
      return whole === undefined ? undefined : partText(whole, declaration.path);
    }
    case "inline":
      return undefined;
  }
}

/** `NonNullable<Order["lines"]>[number]`: any step may lead to what is null or undefined as well. */
function partText(whole: Code, path: readonly PartStep[]): Code {
  return path.reduce((type, step) => code`NonNullable<${type}[${stepText(step)}]>`, whole);
}

function stepText(step: PartStep): Code {
  switch (step.kind) {
    case "field":
      return literal(step.name);
    case "items":
      return code`number`;
    case "values":
      return code`string`;
  }
}
