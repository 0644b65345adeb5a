import type { Task } from "./task.ts";

/**
 * Holds tasks that are to be closed, and resolves when they are settled. One that waits for an answer is
 * not waited for: its worker reads no more questions meanwhile, so that the answer may never come.
 */
export async function holdAll(tasks: readonly Task[]): Promise<void> {
  await Promise.all(tasks.map((task) => Promise.race([task.hold(), task.core.asked.begun()])));
}
