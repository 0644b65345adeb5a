import { callBack, loseArguments } from "./arguments.ts";
import type { Frame } from "./frame.ts";
import { lose } from "./loss.ts";
import type { MethodCall, PlaceOf } from "./method-call.ts";
import { only, other, type Value } from "./place.ts";
import { quote } from "./reasons.ts";
import type { Walk } from "./walk.ts";

/** An operator of a stream. One that is not known may do anything with the values. */
export function flowCall(
  walk: Walk,
  { place, name, node }: MethodCall<PlaceOf<"flow">>,
  frame: Frame,
): Value {
  const [first, ...rest] = node.getArguments();
  loseArguments(walk, rest, frame);
  if (first !== undefined && (name === "filter" || name === "peek" || name === "map")) {
    const result = callBack(walk, first, [place.of], frame);
    if (result === undefined) lose(walk, place.of, first, `${quote(first)} is not known`);
    return name === "map" ? only({ kind: "flow", of: result ?? other }) : only(place);
  }
  loseArguments(walk, first === undefined ? [] : [first], frame);
  switch (name) {
    case "enumerate":
      return only({ kind: "flow", of: only({ kind: "tuple", items: [other, place.of] }) });
    case "events":
      return only({ kind: "flow", of: only({ kind: "event" }) });
    case "items": {
      const pair = only({ kind: "tuple", items: [only(walk.key), only(walk.value)] });
      return only({ kind: "flow", of: pair });
    }
    default:
      return lose(walk, only(place), node, `${quote(node)} is not a known operator`);
  }
}
