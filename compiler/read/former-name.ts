import { type Options, textOption } from "./options.ts";
import type { Reading } from "./reading.ts";
import { checkTopicName } from "./topic-name.ts";

/** `was`: the name under which Kafka knows a topic, or a table's changelog. */
export function readFormerName(reading: Reading, options: Options): { readonly was?: string } {
  const was = textOption(reading, options, "was");
  const option = options.get("was");
  if (was === undefined || option === undefined) return {};
  checkTopicName(reading, was, option.node);
  return { was };
}
