import { noEventToWindow, nothingIsLate } from "../diagnostics/windows.ts";
import type { ResourceModel } from "../model/topology.ts";
import type { Reading } from "./reading.ts";
import type { ReadTrigger } from "./trigger.ts";

/** Whether an agent's windowed tables are written where there are events, and `late` where it counts. */
export function checkWindows(
  reading: Reading,
  agent: { readonly name: string; readonly kind: string },
  { late, model }: ReadTrigger,
  resources: readonly ResourceModel[],
): void {
  const written = resources.filter(
    (resource) =>
      resource.kind === "table" && reading.tables.get(resource.table)?.window !== undefined,
  );
  if (late !== undefined && written.length === 0) {
    reading.report(nothingIsLate(agent.name, late.span));
  }
  // The records of a batch have windows of their own each.
  if (model.kind === "join" || ("topic" in model && model.kind !== "batch")) return;
  const trigger = model.kind === "channel" ? "a channel's value" : agent.kind;
  for (const { parameter, span } of written) {
    reading.report(noEventToWindow({ agent: agent.name, trigger, parameter }, span));
  }
}
