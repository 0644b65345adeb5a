import type { RecordModel } from "../model/type.ts";
import type { GeneratedFile } from "./file.ts";
import { codecFile } from "./names.ts";

/** The record of that name; the model has every record that it names. */
export function recordOf(file: GeneratedFile, name: string): RecordModel {
  const record = file.program.records.find((each) => each.name === name);
  if (record === undefined) throw new Error(`SG9004: the model has no record "${name}"`);
  return record;
}

/** The generated file that has a record's codec. */
export function codecFileOf(file: GeneratedFile, name: string): string {
  let { declaration } = recordOf(file, name);
  while (declaration.kind === "part") declaration = declaration.of;
  if (declaration.kind === "export") return codecFile(declaration.module, declaration.external);
  return codecFile(recordOf(file, name).span.file, false);
}
