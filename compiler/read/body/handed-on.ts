import type { Frame, FunctionNode } from "./frame.ts";
import { lose } from "./loss.ts";
import { other, type Value } from "./place.ts";
import type { Walk } from "./walk.ts";

/**
 * A function that is not called where it stands, but by something unknown, with anything. Its body
 * is walked all the same, because it sees the variables around it.
 */
export function handedOn(walk: Walk, fn: FunctionNode, frame: Frame): Value {
  const args = fn.getParameters().map(() => other);
  const result = walk.run({ fn, args, frame });
  return lose(walk, result, fn, "a function that is handed on gives it back");
}
