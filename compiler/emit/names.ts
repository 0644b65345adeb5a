import type { GroupModel, TopicModel } from "../model/topology.ts";
import type { TypeName } from "../model/type.ts";

/** Names in generated code follow from the user's, with a suffix for what they are. */
export const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

export const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The last part of a full Avro name. */
export const shortName = (name: TypeName): string => name.slice(name.lastIndexOf(".") + 1);

export const topicName = (alias: string): string => `${lowerFirst(alias)}Topic`;
export const tableName = (alias: string): string => `${lowerFirst(alias)}Table`;
export const codecName = (record: TypeName): string => `${lowerFirst(shortName(record))}Codec`;

/** `recent-orders.v2` as a name in camel case. */
export const camelCase = (text: string): string =>
  lowerFirst(
    text
      .split(/[^\p{ID_Continue}]+/u)
      .filter((part) => part !== "")
      .map((part, index) => (index === 0 ? part : upperFirst(part)))
      .join(""),
  );

/** The codec file of a source file or package: its path without the root folder and the extension. */
export function codecFile(module: string, isExternal: boolean): string {
  if (isExternal) return `codecs/${module.replaceAll(/[^\w./-]+/g, "_")}.ts`;
  const parts = module.split("/").filter((part) => part !== "..");
  const inside = parts.length > 1 ? parts.slice(1) : parts;
  return `codecs/${inside.join("/").replace(/(\.d)?\.[cm]?tsx?$/, "")}.ts`;
}

/**
 * The decoder of what a group reads of a topic, by its alias: `readOrderForOrders`, or in a consumer
 * group of its own `readOrderForOrdersInAudit`.
 */
export function projectedReader(topic: TopicModel, { consumerGroup }: GroupModel): string {
  if (topic.value.kind !== "record") return "read";
  const name = `read${upperFirst(shortName(topic.value.name))}For${upperFirst(topic.alias)}`;
  return consumerGroup === undefined ? name : `${name}In${upperFirst(camelCase(consumerGroup))}`;
}
