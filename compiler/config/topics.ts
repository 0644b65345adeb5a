import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Configuration } from "./configuration.ts";
import { unknownTopic } from "./diagnostics.ts";
import { placesIn } from "./place.ts";

/** Checks that settings are for topics that exist. `text` is the configuration's. */
export function checkTopicSettings(
  { file, topics }: Configuration,
  text: string,
  declared: readonly string[],
): readonly Diagnostic[] {
  const places = placesIn(file, text);
  return Object.keys(topics)
    .filter((name) => !declared.includes(name))
    .map((name) => unknownTopic(name, declared, places.key(["topics", name])));
}
