import { besideFrom, fromOfDeleted, fromWithoutKey } from "../diagnostics/sourced-tables.ts";
import { unknownOption } from "../diagnostics/topology.ts";
import type { TableModel } from "../model/topology.ts";
import { choiceOption, flagOption, type Option, type Options } from "./options.ts";
import type { Reading } from "./reading.ts";
import { readTopic } from "./topic.ts";

/** What a table takes from the topic that it is a table of. */
export type SourcedRows = Pick<TableModel, "key" | "value" | "from" | "global" | "onError">;

/** The options that only a table of a topic has. */
const ownOptions = ["global", "onError"];
/** The options of other tables, and of those of topics. */
const otherOptions = ["key", "value", "default", "index", "was"];
const sourcedOptions = ["from", "default", "index", ...ownOptions];

/** Reports options that only mean something beside `from`. */
export function checkUnsourced(reading: Reading, options: Options, subject: string): void {
  for (const name of ownOptions) {
    const option = options.get(name);
    if (option === undefined) continue;
    reading.report(unknownOption(name, subject, otherOptions, reading.place(option.node)));
  }
}

/** Reads `from`: a table whose rows are a topic's records. `undefined` after a report. */
export function readSourcedRows(
  reading: Reading,
  options: Options,
  from: Option,
  subject: string,
): SourcedRows | undefined {
  for (const name of ["key", "value"]) {
    const option = options.get(name);
    if (option !== undefined) {
      reading.report(besideFrom(name, subject, reading.place(option.node)));
    }
  }
  const was = options.get("was");
  if (was !== undefined) {
    reading.report(unknownOption("was", subject, sourcedOptions, reading.place(was.node)));
  }
  const onError = choiceOption(reading, options, "onError", ["stop", "skip"]);
  const topic = readTopic(reading, from.type, "from");
  if (topic === undefined) return undefined;
  const span = reading.place(from.node);
  if (topic.key.kind === "none") {
    reading.report(fromWithoutKey(topic.name, subject, span, topic.span));
    return undefined;
  }
  if (topic.cleanup === "delete" && !topic.external) {
    reading.report(fromOfDeleted(topic.name, subject, span, topic.span));
  }
  return {
    key: topic.key.type,
    value: topic.value,
    from: topic.name,
    ...(flagOption(reading, options, "global") && { global: true as const }),
    ...(onError === "skip" && { onError }),
  };
}
