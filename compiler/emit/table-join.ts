import { type ForeignJoinModel, halvesOf, type TableJoinModel } from "../model/table-join.ts";
import type { GroupModel, TriggerModel } from "../model/topology.ts";
import type { WorkerFile } from "./agent.ts";
import { tableOf, tableText } from "./agent-tables.ts";
import { arrow, type Code, call, code, literal, member } from "./code.ts";
import type { GeneratedFile } from "./file.ts";
import { topicText } from "./topic-of.ts";
import { typeText } from "./type-text.ts";

/** `TableJoinSpec<string, Order, Payment>`, `ForeignJoinSpec<string, Order, string, Customer>` */
export function tableJoinType(
  file: GeneratedFile,
  { kind, left, right }: TableJoinModel | ForeignJoinModel,
): Code {
  const { key, value } = tableOf(file, left);
  const { key: otherKey, value: otherValue } = tableOf(file, right);
  const own = code`${typeText(file, key)}, ${typeText(file, value)}`;
  const other = typeText(file, otherValue);
  if (kind === "table-join") return code`${file.runtimeType("TableJoinSpec")}<${own}, ${other}>`;
  const spec = file.runtimeType("ForeignJoinSpec");
  return code`${spec}<${own}, ${typeText(file, otherKey)}, ${other}>`;
}

/** What functions have that get changes of tables, beside a name and a policy. */
export const tableEntries = (
  file: GeneratedFile,
  trigger: TriggerModel & { readonly kind: "change" | "table-join" | "foreign-join" },
): readonly Code[] => (trigger.kind === "change" ? [] : joinEntries(file, trigger));

function joinEntries(
  file: GeneratedFile,
  join: TableJoinModel | ForeignJoinModel,
): readonly Code[] {
  const { gives, kind, left, right } = join;
  return [
    code`kind: ${literal(gives)}`,
    code`left: ${tableText(file, left)}`,
    code`right: ${tableText(file, right)}`,
    ...(kind === "foreign-join" ? ownEntries(file, join) : []),
  ];
}

function ownEntries(file: GeneratedFile, join: ForeignJoinModel): readonly Code[] {
  const row = typeText(file, tableOf(file, join.left).value);
  return [
    code`on: ${arrow(code`(row: ${row})`, code`row${member(join.field)}`)}`,
    code`subscriptions: ${topicText(file, join.subscriptions)}`,
    code`responses: ${topicText(file, join.responses)}`,
    code`links: ${tableText(file, join.links)}`,
    code`subscribers: ${tableText(file, join.subscribers)}`,
  ];
}

/** What reads the topic, where it is a foreign-key join's own: `foreignResponses(matchJoin)`. */
export function joinSource({ constantOf, file }: WorkerFile, topic: string): Code | undefined {
  for (const agent of file.program.agents) {
    const halves = halvesOf(agent.trigger);
    const isLeft = halves?.left.topic === topic;
    if (halves === undefined || !(isLeft || halves.right.topic === topic)) continue;
    return call(file.runtime(isLeft ? "foreignResponses" : "foreignSubscriptions"), [
      constantOf(agent),
    ]);
  }
  return undefined;
}

/** The foreign-key joins of a group's tasks that find their right rows in a table: `foreignRight(matchJoin)`. */
export const rightReaders = (
  { constantOf, file }: WorkerFile,
  { joins = [] }: GroupModel,
  table: string,
): readonly Code[] =>
  file.program.agents
    .filter(
      ({ name, trigger }) => joins.includes(name) && halvesOf(trigger)?.right.tables[0] === table,
    )
    .map((agent) => call(file.runtime("foreignRight"), [constantOf(agent)]));
