import type { TypeModel } from "../model/type.ts";
import { array, type Code, call, literal, numberLiteral } from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { codecFile, codecName } from "./names.ts";
import { recordOf } from "./type-text.ts";

/** The codec of a type, for a table's rows or a topic's values. */
export function codecText(file: GeneratedFile, type: TypeModel): Code {
  switch (type.kind) {
    case "record":
      return recordCodec(file, type.name);
    case "array":
      return call(file.codecs("arrayCodec"), [codecText(file, type.items)]);
    case "decimal":
      return call(file.codecs("decimalCodec"), [
        numberLiteral(type.precision),
        numberLiteral(type.scale),
      ]);
    case "map":
    case "union":
    case "enum":
    case "fixed":
    case "null":
    case "time-millis":
    case "time-micros":
    case "local-timestamp-millis":
    case "local-timestamp-micros":
    case "duration":
      throw new Error(`SG9005: no codec for a ${type.kind} outside of a record`);
    default:
      return file.codecs(scalarCodecs[type.kind]);
  }
}

const scalarCodecs = {
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
} as const;

function recordCodec(file: GeneratedFile, name: string): Code {
  return file.generated(codecFileOf(file, name), codecName(name));
}

/** The generated file that has a record's codec. */
export function codecFileOf(file: GeneratedFile, name: string): string {
  let { declaration } = recordOf(file, name);
  while (declaration.kind === "part") declaration = declaration.of;
  if (declaration.kind === "export") return codecFile(declaration.module, declaration.external);
  return codecFile(recordOf(file, name).span.file, false);
}

/** The codec of a type used as a key. */
export function keyCodecText(file: GeneratedFile, type: TypeModel): Code {
  switch (type.kind) {
    case "record":
      return call(file.codecs("recordKey"), [codecText(file, type)]);
    case "enum": {
      const symbols = file.program.enums.find((each) => each.name === type.name)?.symbols ?? [];
      return call(file.codecs("enumKey"), [array(symbols.map(literal))]);
    }
    case "string":
    case "decimal":
    case "date":
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
    case "duration":
      throw new Error(`SG9006: a ${type.kind} is no key`);
  }
}
