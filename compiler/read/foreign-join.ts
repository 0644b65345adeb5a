import { internalNameTaken, tableTwice } from "../diagnostics/names.ts";
import { foreignKeyDiffers, outerForeignJoin } from "../diagnostics/table-joins.ts";
import { bytesOf } from "../model/key-bytes.ts";
import type { Span } from "../model/span.ts";
import type { ForeignJoinModel } from "../model/table-join.ts";
import type { TableModel, TopicModel } from "../model/topology.ts";
import { findField } from "./key.ts";
import { pascal } from "./named.ts";
import { type Option, type Options, textOption } from "./options.ts";
import type { Reading } from "./reading.ts";
import { withoutNull } from "./table-indexes.ts";

/** A join of tables `on` a field of the left one's rows. */
interface ForeignJoin {
  readonly agent: string;
  readonly gives: "inner" | "left" | "outer";
  readonly left: TableModel;
  readonly right: TableModel;
  readonly on: Option;
  readonly options: Options;
  readonly span: Span;
}

/** With the topics and tables of its own. `undefined` after a report. */
export function readForeignJoin(reading: Reading, join: ForeignJoin): ForeignJoinModel | undefined {
  const { agent, gives, left, on, options, right, span } = join;
  const place = reading.place(on.node);
  const field = textOption(reading, options, "on");
  if (gives === "outer") {
    const kind = options.get("kind");
    reading.report(outerForeignJoin(agent, kind === undefined ? place : reading.place(kind.node)));
  }
  if (field === undefined || gives === "outer") return undefined;
  const owner = { subject: `table "${left.name}"`, alias: left.alias };
  const found = findField(reading, left.value, field, { owner, option: on, span: place });
  if (found === undefined) return undefined;
  const type = bytesOf(withoutNull(found.type));
  const key = bytesOf(right.key);
  if (type !== key) {
    reading.report(foreignKeyDiffers(agent, { field, type }, { table: right.name, key }, place));
    return undefined;
  }
  return {
    kind: "foreign-join",
    gives,
    left: left.name,
    right: right.name,
    field,
    subscriptions: addTopic(reading, agent, "subscriptions", span),
    responses: addTopic(reading, agent, "responses", span),
    links: addTable(reading, agent, "links", span),
    subscribers: addTable(reading, agent, "subscribers", span),
  };
}

const bytes = { kind: "bytes" } as const;

function addTopic(reading: Reading, agent: string, what: string, span: Span): string {
  const name = `${reading.options.app}-${agent}-${what}`;
  const known = reading.topics.get(name);
  if (known !== undefined) reading.report(internalNameTaken(name, span, known.span));
  const topic: TopicModel = {
    name,
    alias: pascal(agent) + pascal(what),
    value: bytes,
    valueDeclaration: undefined,
    key: { kind: "given", type: bytes },
    format: "bytes",
    retentionMs: -1,
    cleanup: "delete",
    config: {},
    external: false,
    trustKey: false,
    internal: "join",
    span,
  };
  reading.topics.set(name, topic);
  return name;
}

function addTable(reading: Reading, agent: string, what: string, span: Span): string {
  const name = `${agent}-${what}`;
  const known = reading.tables.get(name);
  if (known !== undefined) reading.report(tableTwice(name, span, known.span));
  reading.tables.set(name, {
    name,
    alias: pascal(agent) + pascal(what),
    key: bytes,
    value: bytes,
    valueDeclaration: undefined,
    changelog: `${reading.options.app}-${name}-changelog`,
    span,
  });
  return name;
}
