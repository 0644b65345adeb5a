import path from "node:path";
import { fileURLToPath } from "node:url";
import { type ErrorPlace, StreamgenError } from "../errors.ts";
import { Refusal, reasonOf } from "./refusal.ts";

/** The folder of the runtime's own code. */
const runtime = fileURLToPath(new URL("..", import.meta.url));

/** An error as one line, and for an agent's own error the place in its code and what to do. Never a stack. */
export function failureText(cause: unknown): string {
  if (cause instanceof Refusal) return `error ${cause.code}: ${cause.message}; ${cause.fix}\n`;
  if (!(cause instanceof StreamgenError)) {
    return `error SG9001: ${reasonOf(cause)}${frameText(cause)}; this is a bug in streamgen\n`;
  }
  const inner = cause.cause;
  const because =
    inner === undefined || cause.message.includes(reasonOf(inner)) ? "" : `: ${reasonOf(inner)}`;
  return `error ${cause.code}: ${reasonOf(cause)}${because}${placeText(cause.place)}${frameText(inner)}${adviceText(cause.code)}\n`;
}

/** The same as a line of JSON, such as those that a worker logs. */
export function failureJson(cause: StreamgenError, nowMs: number): string {
  const { code, message, place } = cause;
  const fix = cause instanceof Refusal ? { fix: cause.fix } : {};
  const time = new Date(nowMs).toISOString();
  const because = cause.cause === undefined ? {} : { cause: reasonOf(cause.cause) };
  return `${JSON.stringify({ time, level: "error", text: message, code, ...fix, ...because, ...place })}\n`;
}

function placeText(place: ErrorPlace): string {
  const parts = [
    place.agent === undefined ? undefined : `agent ${place.agent}`,
    place.topic === undefined ? undefined : `topic ${place.topic}`,
    place.partition === undefined ? undefined : `partition ${place.partition}`,
    place.offset === undefined ? undefined : `offset ${place.offset}`,
    place.table === undefined ? undefined : `table ${place.table}`,
    place.field === undefined ? undefined : `field ${place.field}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** What a thrown error of the user's own cannot say. */
function adviceText(code: string): string {
  return code === "SG8020" ? '\n  correct the function, or let it skip: onError: "skip"' : "";
}

/** The first place in the user's own code. */
function frameText(cause: unknown): string {
  const stack = cause instanceof Error ? (cause.stack ?? "") : "";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const own = frames.find((line) => !(/node_modules|node:/.test(line) || line.includes(runtime)));
  const shown = own?.trim().replaceAll(`${process.cwd()}${path.sep}`, "");
  return shown === undefined ? "" : `\n  ${shown}`;
}
