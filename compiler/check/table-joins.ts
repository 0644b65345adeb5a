import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { joinedKeysDiffer, joinsItself } from "../diagnostics/table-joins.ts";
import { bytesOf } from "../model/key-bytes.ts";
import type { Program } from "../model/program.ts";
import type { AgentModel } from "../model/topology.ts";

/** Whether the rows of joined tables can meet. */
export const checkTableJoins = (program: Program): readonly Diagnostic[] =>
  program.agents.flatMap((agent) => checkJoin(program, agent));

function checkJoin(
  { tables }: Program,
  { name, span, trigger }: AgentModel,
): readonly Diagnostic[] {
  if (trigger.kind !== "table-join") return [];
  const { left, right } = trigger;
  if (left === right) return [joinsItself(name, left, span)];
  const [one, other] = [left, right].flatMap((table) => {
    const model = tables.find((each) => each.name === table);
    return model === undefined ? [] : [{ table, type: bytesOf(model.key) }];
  });
  if (one === undefined || other === undefined || one.type === other.type) return [];
  return [joinedKeysDiffer(name, one, other, span)];
}
