import type { TypeModel } from "../model/type.ts";
import { array, type Code, call, literal, numberLiteral } from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { codecName, lowerFirst } from "./names.ts";
import { codecFileOf } from "./records.ts";

/** The generated file with the codecs of values that are no records. */
export const valuesFile = "values.ts";

export const valueCodecName = (alias: string): string => `${lowerFirst(alias)}ValueCodec`;

/** Whether a topic or table with such values has a codec of its own in `values.ts`. */
export const hasOwnCodec = ({ kind }: TypeModel): boolean =>
  kind !== "record" && kind !== "decimal" && scalarCodecs[kind] === undefined;

/** The codec of a topic's values or a table's rows. */
export function valueCodecText(
  file: GeneratedFile,
  { alias, value }: { readonly alias: string; readonly value: TypeModel },
): Code {
  const scalar = scalarCodecs[value.kind];
  if (scalar !== undefined) return file.codecs(scalar);
  if (value.kind === "record") return recordCodec(file, value.name);
  if (value.kind === "decimal") {
    const parameters = [numberLiteral(value.precision), numberLiteral(value.scale)];
    return call(file.codecs("decimalCodec"), parameters);
  }
  return file.generated(valuesFile, valueCodecName(alias));
}

const scalarCodecs: Readonly<Partial<Record<TypeModel["kind"], string>>> = {
  boolean: "booleanCodec",
  int: "intCodec",
  "safe-long": "safeLongCodec",
  long: "longCodec",
  float: "floatCodec",
  double: "doubleCodec",
  string: "stringCodec",
  bytes: "bytesCodec",
  uuid: "uuidCodec",
  date: "localDateCodec",
  "timestamp-date": "dateCodec",
  "timestamp-millis": "timestampMillisCodec",
  "timestamp-micros": "timestampMicrosCodec",
  "timestamp-nanos": "timestampNanosCodec",
};

function recordCodec(file: GeneratedFile, name: string): Code {
  return file.generated(codecFileOf(file, name), codecName(name));
}

/** The codec of a type used as a key. */
export function keyCodecText(file: GeneratedFile, type: TypeModel): Code {
  switch (type.kind) {
    case "record":
      return call(file.codecs("recordKey"), [recordCodec(file, type.name)]);
    case "enum": {
      const symbols = file.program.enums.find((each) => each.name === type.name)?.symbols ?? [];
      return call(file.codecs("enumKey"), [array(symbols.map(literal))]);
    }
    case "date":
      return file.codecs("localDateKey");
    case "string":
    case "local-timestamp-millis":
    case "local-timestamp-micros":
      return file.codecs("stringKey");
    case "uuid":
      return file.codecs("uuidKey");
    case "int":
    case "time-millis":
      return file.codecs("intKey");
    case "long":
    case "time-micros":
    case "timestamp-micros":
    case "timestamp-nanos":
      return file.codecs("longKey");
    case "safe-long":
    case "timestamp-millis":
      return file.codecs("safeLongKey");
    case "timestamp-date":
      return file.codecs("dateKey");
    case "float":
    case "double":
      return file.codecs("doubleKey");
    case "boolean":
      return file.codecs("booleanKey");
    case "bytes":
    case "fixed":
      return file.codecs("bytesKey");
    case "array":
    case "map":
    case "union":
    case "null":
    case "decimal":
    case "duration":
      throw new Error(`SG9006: a ${type.kind} is no key`);
  }
}
