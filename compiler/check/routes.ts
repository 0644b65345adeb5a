import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { routeTwice } from "../diagnostics/timers.ts";
import type { Program } from "../model/program.ts";
import type { Span } from "../model/span.ts";

/** Whether each request has one function that answers it; names of parameters make no difference. */
export function checkRoutes(program: Program): readonly Diagnostic[] {
  const first = new Map<string, Span>();
  return program.agents.flatMap(({ trigger, span }) => {
    if (trigger.kind !== "web") return [];
    const shape = `${trigger.method} ${trigger.path.replaceAll(/:\w+/g, ":")}`;
    const other = first.get(shape);
    if (other === undefined) first.set(shape, span);
    return other === undefined
      ? []
      : [routeTwice(`${trigger.method} ${trigger.path}`, span, other)];
  });
}
