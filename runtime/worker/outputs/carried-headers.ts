import type { BatchWriter } from "../../log/batch-writer.ts";
import type { Moment } from "../tasks/moment.ts";
import { copyHeaders } from "./copy-record.ts";

/** Adds the headers of what is being handled to the open record, but for some. */
export function carryHeaders(
  batch: BatchWriter,
  { cursor, marks }: Pick<Moment, "cursor" | "marks">,
  isLeftOut: (name: string) => boolean,
): void {
  if (cursor !== undefined && cursor.headerCount > 0) {
    copyHeaders(batch, cursor, (name) => isLeftOut(name) || marks?.isLeftOut(name) === true);
  }
  for (const [name, value] of marks?.added ?? []) batch.header(Buffer.from(name), value);
}
