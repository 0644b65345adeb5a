import type { Span } from "../model/span.ts";
import type { LateModel } from "../model/topology.ts";
import { type Failing, readDeadLetter } from "./dead-letter.ts";
import { choiceOption, type Options } from "./options.ts";
import type { Reading } from "./reading.ts";
import { resolve } from "./resolve.ts";

/** What is done with late records, where it is said. */
export interface ReadLate {
  readonly choice: "drop" | LateModel;
  readonly span: Span;
}

/** `undefined` also after a report. */
export function readLate(
  reading: Reading,
  options: Options,
  failing: Failing,
): ReadLate | undefined {
  const option = options.get("late");
  if (option === undefined) return undefined;
  const span = reading.place(option.node);
  const type = resolve(reading, option.type);
  if (type.kind === "library" && type.name === "DeadLetter") {
    // They could be read: whoever reads the topic has nothing to fear.
    const choice = readDeadLetter(reading, type, { ...failing, isReadable: true });
    return choice && { choice, span };
  }
  const choice = choiceOption(reading, options, "late", ["drop", "keep"]);
  return choice && { choice, span };
}
