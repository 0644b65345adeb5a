import type { TypeModel } from "./type.ts";

/** Types whose keys have the same bytes have the same description. */
export function bytesOf(type: TypeModel): string {
  switch (type.kind) {
    case "record":
      return type.name;
    case "string":
    case "uuid":
    case "enum":
    case "date":
    case "decimal":
    case "local-timestamp-millis":
    case "local-timestamp-micros":
      return "string";
    case "int":
    case "time-millis":
      return "Int";
    case "float":
    case "double":
      return "number";
    case "boolean":
      return "boolean";
    case "bytes":
    case "fixed":
      return "Uint8Array";
    default:
      return "Long";
  }
}
