import { modelRegistry } from "../../codec/registry/model/model-registry.ts";
import { subjectOf } from "../../codec/registry/subject.ts";
import type { SchemaRegistry } from "../../codec/registry.ts";
import { StreamgenError } from "../../errors.ts";
import type { Log } from "../../log/log.ts";
import type { TopicSpec } from "../spec.ts";

/**
 * The registry that was given; without one, a registry in memory, where the log is in memory as well
 * or no topic needs one. Throws SG5060 otherwise: ids out of memory would be read as another's.
 */
export function registryFor(
  topics: readonly TopicSpec<unknown, unknown>[],
  log: Log,
  given: SchemaRegistry | undefined,
): SchemaRegistry {
  if (given !== undefined) return given;
  const framed = topics.filter(({ value }) => value.kind === "avro").map(({ name }) => `"${name}"`);
  if (log.isEmbedded === true || framed.length === 0) return modelRegistry();
  throw new StreamgenError(
    "SG5060",
    `no schema registry is configured, and values of ${framed.join(", ")} are Avro with a ` +
      "registry's ids: set registry.url, such as by STREAMGEN_REGISTRY_URL, or registry.ids, or " +
      'give these topics another format, such as "single-object"',
  );
}

/**
 * Introduces the schemas of all topics: values of one topic may come by way of another, such as a
 * repartition topic, with the id that they had.
 */
export function introduceTopics(
  registry: SchemaRegistry,
  topics: readonly TopicSpec<unknown, unknown>[],
  nameOf: (declared: string) => string,
): void {
  for (const { name, value } of topics) {
    if (value.kind !== "avro" || value.schemaText === undefined) continue;
    const subject = subjectOf(registry.strategy, nameOf(name), value.schemaText);
    registry.introduce?.(subject, value.schemaText);
  }
}
