import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { appRenamed, tableRenamed, topicRenamed } from "../diagnostics/renames.ts";
import type { Program } from "../model/program.ts";
import type { Span } from "../model/span.ts";
import type { TableModel, TopicModel } from "../model/topology.ts";

/**
 * What would be left behind because its name is another one than in the last build: rows in a changelog,
 * records in a topic that the pipeline itself fills, and everything where the app has a new name.
 */
export function checkRenames(before: Program, now: Program, app: Span): readonly Diagnostic[] {
  if (before.app !== now.app) return [appRenamed(before.app, now.app, app)];
  return [
    ...renamed(before.tables.filter(isLogged), now.tables.filter(isLogged), sameRows).map(
      ([old, table]) => tableRenamed(table, old, table.span),
    ),
    ...renamed(before.topics.filter(isOwn), now.topics.filter(isOwn), sameRecords).map(
      ([old, topic]) => topicRenamed(topic, old, topic.span),
    ),
  ];
}

interface Named {
  readonly name: string;
  readonly was?: string;
}

/** Pairs of what is gone and what is new instead; only where there is no doubt. */
function renamed<T extends Named>(
  before: readonly T[],
  now: readonly T[],
  isAlike: (old: T, next: T) => boolean,
): readonly [T, T][] {
  const kept = new Set(now.flatMap(({ name, was }) => [name, was ?? name]));
  const known = new Set(before.map(({ name }) => name));
  const gone = before.filter(({ name }) => !kept.has(name));
  const added = now.filter(({ name, was }) => !known.has(name) && was === undefined);
  return added.flatMap((next) => {
    const [old, ...others] = gone.filter((each) => isAlike(each, next));
    const rivals = added.filter((each) => old !== undefined && isAlike(old, each));
    return old !== undefined && others.length === 0 && rivals.length === 1 ? [[old, next]] : [];
  });
}

/** Others' topics have the names that others give them. */
const isOwn = ({ external }: TopicModel): boolean => !external;

/** The rows of a topic's table are the topic's, whatever the table is called. */
const isLogged = ({ from }: TableModel): boolean => from === undefined;

const sameRows = (old: TableModel, next: TableModel): boolean =>
  same([old.kind, old.key, old.value, old.window], [next.kind, next.key, next.value, next.window]);

const sameRecords = (old: TopicModel, next: TopicModel): boolean =>
  same(
    [old.key, old.value, old.format, old.repartitionOf],
    [next.key, next.value, next.format, next.repartitionOf],
  );

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
