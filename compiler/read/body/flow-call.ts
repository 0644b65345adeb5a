import { callBack, loseArguments } from "./arguments.ts";
import type { Frame } from "./frame.ts";
import { lose } from "./loss.ts";
import { elements } from "./member.ts";
import type { MethodCall, PlaceOf } from "./method-call.ts";
import { only, other, type Value } from "./place.ts";
import { quote } from "./reasons.ts";
import type { Walk } from "./walk.ts";

const withCallback: ReadonlySet<string | undefined> = new Set(["filter", "flatMap", "map", "peek"]);

/** An operator of a stream. One that is not known may do anything with the values. */
export function flowCall(
  walk: Walk,
  { place, name, node }: MethodCall<PlaceOf<"flow">>,
  frame: Frame,
): Value {
  const [first, ...rest] = node.getArguments();
  loseArguments(walk, rest, frame);
  if (first !== undefined && withCallback.has(name)) {
    const result = callBack(walk, first, [place.of], frame);
    if (result === undefined) lose(walk, place.of, first, `${quote(first)} is not known`);
    if (name === "map") return only({ kind: "flow", of: result ?? other });
    if (name !== "flatMap") return only(place);
    return only({ kind: "flow", of: elements(walk, result ?? other, first) });
  }
  loseArguments(walk, first === undefined ? [] : [first], frame);
  switch (name) {
    case "rateLimit":
      return only(place);
    case "take":
      return only({ kind: "flow", of: only({ kind: "list", of: place.of }) });
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
