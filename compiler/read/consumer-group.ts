import { badConsumerGroup } from "../diagnostics/sources.ts";
import { type Options, textOption } from "./options.ts";
import type { Reading } from "./reading.ts";

/** Kafka takes more, but the app's and the worker's names stand beside it. */
const nameLengthMax = 60;

/** The consumer group of an agent's own; nothing where it is the app's. */
export function readConsumerGroup(
  reading: Reading,
  options: Options,
  agent: string,
): { readonly consumerGroup?: string } {
  const option = options.get("group");
  const name = textOption(reading, options, "group");
  if (option === undefined || name === undefined) return {};
  if (/^[A-Za-z0-9._-]+$/.test(name) && name.length <= nameLengthMax) {
    return { consumerGroup: name };
  }
  reading.report(badConsumerGroup(agent, name, reading.place(option.node)));
  return {};
}
