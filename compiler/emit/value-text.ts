import type { JsonModel, TypeModel } from "../model/type.ts";
import {
  array,
  bigintLiteral,
  type Code,
  code,
  literal,
  numberLiteral,
  object,
  propertyName,
} from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { recordOf } from "./records.ts";

/** An expression for a value that the model holds by the JSON mapping. */
export function valueText(file: GeneratedFile, type: TypeModel, value: JsonModel): Code {
  switch (type.kind) {
    case "long":
    case "time-micros":
    case "timestamp-micros":
    case "timestamp-nanos":
      return bigintLiteral(BigInt(String(value)));
    case "timestamp-date":
      return code`new Date(${plainValue(value)})`;
    case "record":
      return recordValue(file, type.name, value);
    case "array":
      return Array.isArray(value)
        ? array(value.map((item) => valueText(file, type.items, item)))
        : plainValue(value);
    case "map":
      return isObject(value)
        ? object(
            Object.entries(value).map(
              ([name, each]) => code`${propertyName(name)}: ${valueText(file, type.values, each)}`,
            ),
          )
        : plainValue(value);
    default:
      return plainValue(value);
  }
}

function recordValue(file: GeneratedFile, name: string, value: JsonModel): Code {
  if (!isObject(value)) return plainValue(value);
  const { fields } = recordOf(file, name);
  return object(
    Object.entries(value).map(([field, each]) => {
      const type = fields.find((known) => known.name === field)?.type;
      const text = type === undefined ? plainValue(each) : valueText(file, type, each);
      return code`${propertyName(field)}: ${text}`;
    }),
  );
}

function plainValue(value: JsonModel): Code {
  if (value === null) return code`null`;
  if (typeof value === "string") return literal(value);
  if (typeof value === "number") return numberLiteral(value);
  if (typeof value === "boolean") return value ? code`true` : code`false`;
  if (Array.isArray(value)) return array(value.map(plainValue));
  return object(
    Object.entries(value).map(([name, each]) => code`${propertyName(name)}: ${plainValue(each)}`),
  );
}

const isObject = (value: JsonModel): value is { readonly [name: string]: JsonModel } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
