import type { WorkerHealth, WorkerState } from "../contract.ts";

/** The health of a worker's threads as that of one worker. */
export function mergeHealth(state: WorkerState, threads: readonly WorkerHealth[]): WorkerHealth {
  const counts = new Map<string, number>();
  for (const thread of threads) {
    for (const [name, count] of Object.entries(thread.counts)) {
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }
  const error = threads.find((thread) => thread.error !== undefined)?.error;
  return {
    state,
    isReady: threads.length > 0 && threads.every((thread) => thread.isReady),
    tasks: threads.flatMap((thread) => thread.tasks),
    commits: threads.reduce((sum, { commits }) => sum + commits, 0),
    aborts: threads.reduce((sum, { aborts }) => sum + aborts, 0),
    counts: Object.fromEntries(counts),
    ...(error !== undefined && { error }),
  };
}
