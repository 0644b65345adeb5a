import type { Node } from "ts-morph";
import { calledFunction } from "./callee.ts";
import type { Frame } from "./frame.ts";
import { lose, show } from "./loss.ts";
import { other, type Value } from "./place.ts";
import type { Walk } from "./walk.ts";

/** Arguments of a call that is not known. */
export function loseArguments(walk: Walk, args: readonly Node[], frame: Frame): Value {
  for (const arg of args) lose(walk, walk.evaluate(arg, frame), arg);
  return other;
}

/** Arguments of a call that reads them at once, and neither changes nor keeps them. */
export function showArguments(walk: Walk, args: readonly Node[], frame: Frame): Value {
  for (const arg of args) show(walk, walk.evaluate(arg, frame), arg);
  return other;
}

/**
 * What a callback gives back when it is called with these. Undefined when it is not certain which
 * function it is; then it is left to the caller to lose what it would be called with.
 */
export function callBack(
  walk: Walk,
  callback: Node,
  args: readonly Value[],
  frame: Frame,
): Value | undefined {
  const fn = calledFunction(callback);
  if (fn !== undefined) return walk.run({ fn, args, frame });
  lose(walk, walk.evaluate(callback, frame), callback);
  return undefined;
}
