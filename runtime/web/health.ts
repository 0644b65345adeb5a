import type { WorkerHealth } from "../worker/contract.ts";
import { errorAnswer, jsonAnswer, type WebAnswer } from "../worker/web/answer.ts";

/**
 * The answer to `/health`, `/health/live` and `/health/ready`; `undefined` for other paths. A worker is
 * live unless it has failed or stopped, and ready when its tables are restored.
 */
export function healthAnswer(
  health: WorkerHealth,
  method: string,
  path: string,
): WebAnswer | undefined {
  if (path !== "/health" && path !== "/health/live" && path !== "/health/ready") return undefined;
  if (method !== "GET" && method !== "HEAD") {
    return errorAnswer(405, "use GET", { allow: "GET, HEAD" });
  }
  const { state, isReady, tasks } = health;
  const isLive = state !== "failed" && state !== "stopped";
  const hasFailed = tasks.some((task) => task.state === "failed");
  const isGood = path === "/health/live" ? isLive : isLive && isReady && !hasFailed;
  const answer = jsonAnswer(isGood ? 200 : 503, { state, isReady, tasks: taskCounts(health) });
  return method === "HEAD" ? { ...answer, body: new Uint8Array() } : answer;
}

/** How many tasks are in each state. */
function taskCounts({ tasks }: WorkerHealth): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of tasks) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
