import type { AskTriggerModel } from "./ask-trigger.ts";
import type { AgentModel } from "./topology.ts";

/** A function that answers questions. */
export type AskModel = AgentModel & { readonly trigger: AskTriggerModel };

export const isAsk = (agent: AgentModel): agent is AskModel => agent.trigger.kind === "ask";

/** How many questions an async function answers at once, where it says nothing. */
const atOnceDefault = 256;

/** How many questions a function answers at once; `undefined`: one after the other, in its task's turn. */
export function answersAtOnce({
  async,
  onError,
  resources,
  trigger,
}: AskModel): number | undefined {
  // A question that waits to be tried again is the only one of its task.
  const retries = typeof onError === "object" && "retries" in onError;
  if (!async || retries) return undefined;
  if (trigger.lanes !== undefined) return trigger.lanes === 1 ? undefined : trigger.lanes;
  const hasTable = resources.some(({ kind }) => kind === "table");
  return hasTable ? undefined : atOnceDefault;
}
