import type { Node } from "ts-morph";
import { isFixed, isWhole, other, type Place, type Value } from "./place.ts";
import { reasonFor } from "./reasons.ts";
import type { Walk } from "./walk.ts";

/**
 * The end of what can be followed: from here on, unknown code may read, change and keep whatever
 * the value is. Every use that is not listed elsewhere ends here.
 */
export function lose(walk: Walk, value: Value, node: Node, why?: string): Value {
  for (const place of value.places) losePlace(walk, place, node, why);
  return other;
}

function losePlace(walk: Walk, place: Place, node: Node, why: string | undefined): void {
  switch (place.kind) {
    case "part":
      if (isWhole(place)) walk.findings.readWhole(reasonFor(node, why));
      if (!isFixed(place)) walk.findings.change(place, reasonFor(node, why));
      return;
    case "event":
      losePlace(walk, walk.value, node, why);
      // Its own fields can be assigned to, whatever they hold.
      walk.findings.change(walk.value, reasonFor(node, why));
      walk.findings.change(walk.key, reasonFor(node, why));
      return;
    case "flow":
    case "list":
      lose(walk, place.of, node, why);
      return;
    case "tuple":
      for (const item of place.items) loseItem(walk, item, node, why);
      return;
    case "holder":
      for (const part of place.parts) losePlace(walk, part, node, why);
      return;
    case "table":
      walk.findings.access({ table: place.table, method: "?", key: other, node });
      return;
    case "library":
    case "derived":
    case "constant":
    case "nothing":
      return;
  }
}

/** The pair itself can be changed, even where what it holds cannot. */
function loseItem(walk: Walk, item: Value, node: Node, why: string | undefined): void {
  lose(walk, item, node, why);
  for (const place of item.places) {
    if (place.kind === "part") walk.findings.change(place, reasonFor(node, why));
  }
}

/**
 * Everything may be read, at once, by something that neither changes nor keeps it: an encoder, an
 * operator, a built-in function. A new object is safe too, because it has no code (`literals.ts`).
 */
export function show(walk: Walk, value: Value, node: Node): Value {
  for (const place of value.places) {
    if (isWhole(place)) walk.findings.readWhole(reasonFor(node));
    else if (place.kind === "list") show(walk, place.of, node);
    else if (place.kind !== "part" && place.kind !== "holder")
      losePlace(walk, place, node, undefined);
  }
  return other;
}
