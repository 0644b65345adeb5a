import type { FieldModel, RecordModel } from "../../model/type.ts";
import { lowerFirst, shortName, upperFirst } from "../names.ts";
import { Locals } from "./names.ts";

/** How the parts of a field's type are named, where they need a name. */
export function placeOf(record: RecordModel, field: FieldModel): string {
  const words = field.name.match(/[A-Za-z\d]+/g) ?? ["Field"];
  return upperFirst(shortName(record.name)) + words.map(upperFirst).join("");
}

/** What a generated function calls a value of the record: the first of its names. */
export function valueName(record: RecordModel, locals: Locals = new Locals()): string {
  return locals.name(lowerFirst(shortName(record.name)));
}
