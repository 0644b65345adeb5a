/** Which types a reader may take for which (Avro 1.12, "Schema Resolution"). */
import type { Defined } from "./definitions.ts";
import { shortName } from "./names.ts";
import type { NamedSchema, TypeSchema } from "./schema.ts";

/** Numbers that hold every value of another; text and bytes are each other's. */
const promotions: Readonly<Record<string, readonly string[]>> = {
  int: ["long", "float", "double"],
  long: ["float", "double"],
  float: ["double"],
  string: ["bytes"],
  bytes: ["string"],
};

export const isPromotion = (from: string, to: string): boolean =>
  promotions[from]?.includes(to) === true;

/** How well two types match, without a look inside: 0 is best; `undefined`: not at all. */
export function matchOf(writer: TypeSchema, reader: TypeSchema): 0 | 1 | 2 | undefined {
  if (isNamed(writer) || isNamed(reader)) {
    if (!(isNamed(writer) && isNamed(reader)) || writer.type !== reader.type) return undefined;
    if (writer.name === reader.name) return 0;
    return hasName(reader, writer.name) ? 1 : undefined;
  }
  if (writer.type === reader.type) return 0;
  return isPromotion(writer.type, reader.type) ? 2 : undefined;
}

/** Whether the reader's type goes by that name: its own, or one it had. Namespaces do not count. */
function hasName(reader: NamedSchema, name: string): boolean {
  const short = shortName(name);
  return (
    shortName(reader.name) === short ||
    reader.aliases?.some((alias) => alias === name || shortName(alias) === short) === true
  );
}

export function isNamed(type: TypeSchema): type is NamedSchema {
  return type.type === "record" || type.type === "enum" || type.type === "fixed";
}

/**
 * What a number means beyond being one, such as `timestamp-millis`, where taking it for something else
 * would give a wrong value without an error.
 */
export function unitOf(type: TypeSchema): string | undefined {
  if (!("logicalType" in type)) return undefined;
  const { logicalType } = type;
  if (logicalType === "decimal") {
    return `decimal with ${type.scale ?? 0} digits behind the point`;
  }
  return logicalType !== undefined && units.has(logicalType) ? logicalType : undefined;
}

const units: ReadonlySet<string> = new Set([
  ...["date", "time-millis", "time-micros", "duration"],
  ...["timestamp-millis", "timestamp-micros", "timestamp-nanos"],
  ...["local-timestamp-millis", "local-timestamp-micros", "local-timestamp-nanos"],
]);

/** A type in a few words. */
export function describeType(type: Defined): string {
  if (isList(type)) return "a union";
  if (isNamed(type)) return `${type.type} "${type.name}"`;
  const unit = unitOf(type);
  return unit === undefined ? type.type : `${type.type} (${unit})`;
}

const isList = (type: Defined): type is Extract<Defined, readonly unknown[]> => Array.isArray(type);
