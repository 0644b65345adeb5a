import type { Codec } from "../../codec/codec.ts";
import type { TickPolicy } from "../failures/error-policy.ts";
import type { TaskScope } from "../scope.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import { ChannelDriver } from "./channel-driver.ts";

/** A topic that lives in the worker: what is sent to it is handled within the work of its sender. */
export interface ChannelSpec<V> {
  readonly name: string;
  readonly value: Codec<V>;
}

/** An agent that gets a channel's values. */
export interface ChannelAgentSpec<V> {
  readonly name: string;
  readonly onError: TickPolicy;
  open(task: TaskScope): (value: V) => unknown;
}

/** A channel whose type is closed over: `channel(spec)` makes it. */
export interface Channel {
  readonly name: string;
  /** Agents' names in the order they run. */
  readonly agents: readonly string[];
  /** Opens the agents for one task. The runtime calls it. */
  open(task: TaskCore): ChannelReceiver;
}

/** Hands a channel's values to its agents. */
export interface ChannelReceiver {
  /** Gives a promise only where an agent does. Throws, or rejects, where the task must stop. */
  process(bytes: Buffer): Promise<void> | undefined;
}

/** Closes over a channel's type. */
export function channel<V>(spec: {
  readonly channel: ChannelSpec<V>;
  readonly agents: readonly ChannelAgentSpec<V>[];
}): Channel {
  return {
    name: spec.channel.name,
    agents: spec.agents.map(({ name }) => name),
    open: (task) => new ChannelDriver(spec.channel, spec.agents, task),
  };
}
