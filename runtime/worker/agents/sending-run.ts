import { Copier } from "../outputs/copier.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { AgentSpec } from "./agent-spec.ts";

/** The agents that send each record on as bytes. */
type Sending<K, V> = Extract<
  AgentSpec<K, V>,
  { readonly kind: "repartition" | "through" | "echo" }
>;

/** What such an agent does with the loaded record. */
export function sendingRun<K, V>(
  agent: Sending<K, V>,
  record: LoadedRecord<V>,
  task: TaskCore,
): () => void {
  if (agent.kind === "echo") {
    const copiers = agent.to.map((to) => new Copier(task.core, to));
    return () => {
      for (const copier of copiers) copier.copy(record.cursor, record.timestamp);
    };
  }
  const { cleanup, keyOf } = agent.to;
  const sender = task.core.forwarder(agent.to);
  const keepsKey = agent.kind === "through" && keyOf === undefined;
  const takesTombstones = keepsKey && cleanup?.startsWith("compact") === true;
  return () => {
    const { cursor, timestamp, value } = record;
    if (value === null && !takesTombstones) return;
    if (keepsKey || value === null) sender.forward(cursor, timestamp);
    else sender.repartition(cursor, value, timestamp);
  };
}
