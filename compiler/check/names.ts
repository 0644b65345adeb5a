import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import {
  agentTwice,
  generatedNameTwice,
  internalNameTaken,
  internalNameTooLong,
  namesCollide,
} from "../diagnostics/names.ts";
import { formerNameTaken } from "../diagnostics/renames.ts";
import { buffersOf } from "../model/join.ts";
import type { Program } from "../model/program.ts";
import type { Span } from "../model/span.ts";
import { isInternal } from "../model/topic-kinds.ts";

/** Kafka's own limit. */
const nameLengthMax = 249;

/** Names that would mean two things: to Kafka, in metrics, or in generated code. */
export const checkNames = (program: Program): readonly Diagnostic[] => [
  ...twins(program.agents, (agent) => agent.name).map(([first, second]) =>
    agentTwice(second.name, second.span, first.span),
  ),
  ...twins(program.topics, (topic) => generated(topic.alias, "Topic")).map(([first, second]) =>
    generatedNameTwice(generated(second.alias, "Topic"), second.span, first.span),
  ),
  ...twins(program.tables, (table) => generated(table.alias, "Table")).map(([first, second]) =>
    generatedNameTwice(generated(second.alias, "Table"), second.span, first.span),
  ),
  ...checkInternalNames(program),
  ...checkFormerNames(program),
  ...checkCollisions(program),
];

const generated = (alias: string, suffix: string): string =>
  alias.charAt(0).toLowerCase() + alias.slice(1) + suffix;

/** The later one of each pair with one name, after the first that has it. */
function twins<T>(things: readonly T[], nameOf: (thing: T) => string): readonly [T, T][] {
  const first = new Map<string, T>();
  const pairs: [T, T][] = [];
  for (const thing of things) {
    const name = nameOf(thing);
    const other = first.get(name);
    if (other === undefined) first.set(name, thing);
    else pairs.push([other, thing]);
  }
  return pairs;
}

interface NamedTopic {
  readonly name: string;
  readonly span: Span;
}

const changelogs = (program: Program): readonly NamedTopic[] =>
  [...program.tables.filter(({ from }) => from === undefined), ...buffersOf(program.agents)].map(
    ({ changelog, span }) => ({ name: changelog, span }),
  );

const internalTopics = (program: Program): readonly NamedTopic[] =>
  program.topics.filter(isInternal);

function checkInternalNames(program: Program): readonly Diagnostic[] {
  const inner = [...changelogs(program), ...internalTopics(program)];
  const long = inner.filter((topic) => topic.name.length > nameLengthMax);
  const declared = program.topics.filter((topic) => !isInternal(topic));
  const known = declared.map(({ name, was = name, span }) => ({ name: was, span }));
  const taken = twins([...known, ...inner], (topic) => topic.name).filter(
    ([, second]) => !known.includes(second),
  );
  return [
    ...long.map((topic) => internalNameTooLong(topic.name, topic.span)),
    ...taken.map(([first, second]) => internalNameTaken(second.name, second.span, first.span)),
  ];
}

function checkFormerNames({ topics }: Program): readonly Diagnostic[] {
  return topics.flatMap((topic) => {
    const { name, was } = topic;
    if (was === undefined) return [];
    const other = topics.find((each) => each !== topic && (each.was ?? each.name) === was);
    return other === undefined ? [] : [formerNameTaken(name, was, topic.span, other.span)];
  });
}

/** Kafka's metrics write "." as "_". */
function checkCollisions(program: Program): readonly Diagnostic[] {
  const topics = [...program.topics, ...changelogs(program)];
  return twins(topics, (topic) => topic.name.replaceAll(".", "_"))
    .filter(([first, second]) => first.name !== second.name)
    .map(([first, second]) => namesCollide(second.name, first.name, second.span, first.span));
}
