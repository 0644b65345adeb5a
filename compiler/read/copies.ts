import { Node } from "ts-morph";
import { echoDoesNotFit, throughBesideGroupBy, throughDoesNotFit } from "../diagnostics/copies.ts";
import type { TopicModel } from "../model/topology.ts";
import type { Option, Options } from "./options.ts";
import type { Reading } from "./reading.ts";
import { resolve, type Written } from "./resolve.ts";
import { readTopic } from "./topic.ts";

/** The topic that a function's records go through; `undefined` after a report. */
export function readThrough(
  reading: Reading,
  options: Options,
  option: Option,
  { agent, source }: { readonly agent: string; readonly source: TopicModel },
): TopicModel | undefined {
  const span = reading.place(option.node);
  const groupBy = options.get("groupBy");
  if (groupBy !== undefined) {
    reading.report(throughBesideGroupBy(agent, reading.place(groupBy.node), span));
    return undefined;
  }
  const via = readTopic(reading, option.type, "through");
  if (via === undefined) return undefined;
  const misfit = valueMisfit(via, source) ?? givenKeyMisfit(via, source);
  if (misfit === undefined) return via;
  const topics = { to: via.name, from: source.name };
  reading.report(throughDoesNotFit(topics, misfit, span, via.span));
  return undefined;
}

/** The topics that get a copy of each record, each once. */
export function readEcho(
  reading: Reading,
  options: Options,
  sources: readonly TopicModel[],
): { readonly echo?: readonly string[] } {
  const option = options.get("echo");
  if (option === undefined) return {};
  const span = reading.place(option.node);
  const topics = listed(reading, option.type).flatMap(
    (written) => readTopic(reading, written, "echo") ?? [],
  );
  for (const topic of topics) {
    for (const source of sources) {
      const misfit = echoMisfit(topic, source);
      const names = { to: topic.name, from: source.name };
      if (misfit !== undefined) reading.report(echoDoesNotFit(names, misfit, span, topic.span));
    }
  }
  return topics.length === 0 ? {} : { echo: [...new Set(topics.map(({ name }) => name))] };
}

/** One topic, or the elements of a list. */
function listed(reading: Reading, written: Written): readonly Written[] {
  const { node, bound } = resolve(reading, written);
  if (Node.isTypeOperatorTypeNode(node))
    return listed(reading, { node: node.getTypeNode(), bound });
  if (!Node.isTupleTypeNode(node)) return [written];
  return node.getElements().map((element) => ({
    node: Node.isNamedTupleMember(element) ? element.getTypeNode() : element,
    bound,
  }));
}

/** What is wrong with a topic that is to get another's records, and what to write instead. */
export interface Misfit {
  readonly problem: string;
  readonly remedy: string;
}

const asBytes = '{ value: Uint8Array; format: "bytes" }';

function echoMisfit(topic: TopicModel, source: TopicModel): Misfit | undefined {
  const isBytes = topic.format === "bytes";
  if (isBytes) return sameKeyMisfit(topic, source);
  return valueMisfit(topic, source, ` or make it ${asBytes}`) ?? sameKeyMisfit(topic, source);
}

/** Values are sent on as bytes. */
function valueMisfit(topic: TopicModel, source: TopicModel, or = ""): Misfit | undefined {
  if (!isSame(topic.value, source.value)) {
    return {
      problem: "its values have another type",
      remedy: `give it the same value${or && `,${or}`}`,
    };
  }
  if (topic.format === source.format) return undefined;
  return {
    problem: `its values have the format "${topic.format}", not "${source.format}"`,
    remedy: `write format: "${source.format}"${or && `,${or}`}`,
  };
}

/** A topic whose key is not in the value gets the one that the record has. */
function givenKeyMisfit({ key }: TopicModel, source: TopicModel): Misfit | undefined {
  if (key.kind !== "given") return undefined;
  if (source.key.kind !== "none" && isSame(key.type, source.key.type)) return undefined;
  return {
    problem: "its senders give the key, and the record has none of that type",
    remedy: 'say where the key is: keyBy: "…"',
  };
}

/** A copy has the key of the record. */
function sameKeyMisfit({ key, cleanup }: TopicModel, source: TopicModel): Misfit | undefined {
  if (key.kind === "none") {
    return source.key.kind === "none" || cleanup === "delete"
      ? undefined
      : { problem: "it is compacted, and has no key", remedy: 'leave out "cleanup"' };
  }
  if (isSame(key, source.key)) return undefined;
  const isTyped = source.key.kind !== "none" && isSame(key.type, source.key.type);
  if (key.kind === "given" && (isTyped || key.type.kind === "bytes")) return undefined;
  return {
    problem: "its records have another key, and a copy keeps its own",
    remedy: 'give it the same key, or none; "through" gives records another key',
  };
}

const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
