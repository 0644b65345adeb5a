import type { TaskHealth } from "../contract.ts";
import type { Task } from "./task.ts";

/** What a task is at, as plain data. */
export function taskHealth({ name, state, inputs, error }: Task): TaskHealth {
  return {
    ...name,
    state,
    inputs: inputs.map(({ topic, partition, position, committed, lag }) => ({
      topic,
      partition,
      position,
      committed,
      lag,
    })),
    paused: inputs.flatMap((input) => input.driver.paused),
    ...(error === undefined ? {} : { error: error.message }),
  };
}
