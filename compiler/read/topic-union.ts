import { Node } from "ts-morph";
import { topicsAlike } from "../diagnostics/sources.ts";
import type { Span } from "../model/span.ts";
import type { TopicModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";
import { areTellable } from "./branch-test.ts";
import type { Reading } from "./reading.ts";
import { type Resolved, resolve, type Written } from "./resolve.ts";
import { readTopic } from "./topic.ts";

/** Triggers that take records one by one may take them from several topics. */
const takesUnions: ReadonlySet<string> = new Set(["Each", "Event"]);

/** The topics that a trigger names, each once; none after a report. */
export function readSources(
  reading: Reading,
  written: Written | undefined,
  trigger: Resolved & { readonly kind: "library" },
): readonly TopicModel[] {
  if (written === undefined) return [];
  const parts = takesUnions.has(trigger.name) ? partsOf(reading, written) : [written];
  const topics = parts.map((part) => readTopic(reading, part, trigger.name));
  if (topics.includes(undefined)) return [];
  return [...new Set(topics.flatMap((topic) => topic ?? []))];
}

function partsOf(reading: Reading, written: Written): readonly Written[] {
  const { node, bound } = resolve(reading, written);
  if (!Node.isUnionTypeNode(node)) return [written];
  return node.getTypeNodes().flatMap((part) => partsOf(reading, { node: part, bound }));
}

/** Whether a function can know which topic a value comes from: by the rule of Avro's unions. */
export function checkDiscriminable(
  reading: Reading,
  topics: readonly TopicModel[],
  agent: { readonly name: string; readonly span: Span },
): void {
  // The fields of records are known when all are read.
  reading.later.push(() => {
    const types = topics.flatMap(({ value }) => branchesOf(value));
    const isTwice = types.some((type, index) =>
      types.slice(0, index).some((other) => JSON.stringify(other) === JSON.stringify(type)),
    );
    if (!isTwice && areTellable(reading, types)) return;
    const names = topics.map(({ name }) => name);
    reading.report(topicsAlike(agent.name, names, agent.span));
  });
}

const branchesOf = (type: TypeModel): readonly TypeModel[] =>
  type.kind === "union" ? type.branches.map((branch) => branch.type) : [type];
