import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { tableInTwoGroups } from "../diagnostics/sources.ts";
import { consumerGroupOf, tablesAtHand } from "../model/consumer-group.ts";
import type { Program } from "../model/program.ts";
import type { TableModel } from "../model/topology.ts";

/** A table's rows are where its group's partitions are, so two consumer groups share none. */
export const checkConsumerGroups = ({ agents, tables }: Program): readonly Diagnostic[] => {
  const readers = agents.filter(({ trigger }) => "topic" in trigger);
  return tables.flatMap((table: TableModel) => {
    const [first, ...others] = readers.filter((agent) => tablesAtHand(agent).includes(table.name));
    const other = others.find(
      (agent) => first !== undefined && consumerGroupOf(agent) !== consumerGroupOf(first),
    );
    if (first === undefined || other === undefined) return [];
    const users = [first, other].map((agent) => ({
      agent: agent.name,
      group: consumerGroupOf(agent),
      span: agent.resources.find((each) => "table" in each && each.table === table.name)?.span,
    }));
    return [tableInTwoGroups(table.name, users, other.span)];
  });
};
