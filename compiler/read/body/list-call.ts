import { callBack, loseArguments } from "./arguments.ts";
import type { Frame } from "./frame.ts";
import { lose } from "./loss.ts";
import type { MethodCall, PlaceOf } from "./method-call.ts";
import { only, other, perhaps, type Value } from "./place.ts";
import { quote } from "./reasons.ts";
import type { Walk } from "./walk.ts";

/** What becomes of the elements that a callback is called with. */
type Result = "list" | "element" | "nothing" | "mapped";

const withCallback: ReadonlyMap<string, Result> = new Map([
  ["every", "nothing"],
  ["filter", "list"],
  ["find", "element"],
  ["findIndex", "nothing"],
  ["findLast", "element"],
  ["findLastIndex", "nothing"],
  ["forEach", "nothing"],
  ["map", "mapped"],
  ["some", "nothing"],
]);

/** A method of an array that the runtime has made. One that is not known may do anything with it. */
export function listCall(
  walk: Walk,
  { place, name = "", node }: MethodCall<PlaceOf<"list">>,
  frame: Frame,
): Value {
  const [first, ...rest] = node.getArguments();
  loseArguments(walk, rest, frame);
  const result = withCallback.get(name);
  if (result !== undefined && first !== undefined) {
    const given = callBack(walk, first, [place.of, other, only(place)], frame);
    if (given === undefined) lose(walk, place.of, first, `${quote(first)} is not known`);
    if (result === "mapped") return only({ kind: "list", of: given ?? other });
    if (result === "list") return only(place);
    return result === "element" ? perhaps(place.of) : other;
  }
  loseArguments(walk, first === undefined ? [] : [first], frame);
  if (name === "at") return perhaps(place.of);
  if (name === "slice" || name === "values") return only(place);
  return lose(walk, only(place), node, `${quote(node)} is not known to leave it alone`);
}
