/** SG386: joins of tables. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3861: a join of what has several rows for a key. */
export const joinOfRowsOnly = (
  agent: string,
  table: string,
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3861",
    span,
    message: `the join of agent "${agent}" is of table "${table}", which has several rows for a key`,
    related: [{ message: `"${table}" is declared here`, span: declared }],
    fix: "join tables of rows; write what matters of the windows, or of the set, into one",
  });

/** SG3862: tables whose keys cannot be equal. */
export const joinedKeysDiffer = (
  agent: string,
  left: { readonly table: string; readonly type: string },
  right: { readonly table: string; readonly type: string },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3862",
    span,
    message: `the join of agent "${agent}" is of "${left.table}", whose keys are ${left.type}, and "${right.table}", whose keys are ${right.type}`,
    fix: "give both tables keys of one type",
  });

/** SG3863: a join of a table with itself. */
export const joinsItself = (agent: string, table: string, span: Span): Diagnostic =>
  error({
    code: "SG3863",
    span,
    message: `the join of agent "${agent}" is of table "${table}" and the same table, so that each row would meet itself`,
    fix: "take Change to get the table's own rows",
  });

/** SG3864: a field that cannot be the key of the other table. */
export const foreignKeyDiffers = (
  agent: string,
  on: { readonly field: string; readonly type: string },
  right: { readonly table: string; readonly key: string },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3864",
    span,
    message: `the join of agent "${agent}" is on "${on.field}", which is ${on.type}, and the keys of table "${right.table}" are ${right.key}`,
    fix: `name a field that is ${right.key}`,
  });

/** SG3865: rows that no row names, without a key to be given by. */
export const outerForeignJoin = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3865",
    span,
    message: `the join of agent "${agent}" is "outer" and on a field: a row that no left row names would have no key`,
    fix: 'write "left", or "inner"',
  });

/** SG3866: a join of a table whose rows are a topic's records. */
export const joinOfSourced = (
  agent: string,
  from: { readonly table: string; readonly topic: string },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3866",
    span,
    message: `the join of agent "${agent}" is of table "${from.table}", whose rows are the records of topic "${from.topic}"`,
    fix: "write the records into a table in an agent that reads the topic, and join that",
  });
