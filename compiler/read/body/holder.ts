import type { Node } from "ts-morph";
import { lose } from "./loss.ts";
import { contents } from "./member.ts";
import {
  isFixed,
  isWhole,
  only,
  other,
  type PartPlace,
  type Place,
  type Value,
  within,
} from "./place.ts";
import { reasonFor } from "./reasons.ts";
import { changeableFields } from "./shape.ts";
import type { Walk } from "./walk.ts";

/** Fields that are looked for, and called, when an object is converted or awaited. */
const called: ReadonlySet<string> = new Set([
  "__proto__",
  "then",
  "toJSON",
  "toLocaleString",
  "toString",
  "valueOf",
]);

/** Whether a field of this name may be called by nobody's call; `undefined` is any name. */
export function isCalled(name: string | undefined): boolean {
  return name === undefined || called.has(name);
}

/** A new object or array with these in it. */
export function holderOf(walk: Walk, values: readonly Value[], node: Node): Value {
  const parts = values.flatMap((value) =>
    value.places.flatMap((place) => partsPut(walk, place, node)),
  );
  return parts.length === 0 ? other : only({ kind: "holder", parts });
}

function partsPut(walk: Walk, place: Place, node: Node): readonly PartPlace[] {
  if (place.kind === "holder") return place.parts;
  if (place.kind !== "part") {
    lose(walk, only(place), node);
    return [];
  }
  if (isWhole(place)) walk.findings.readWhole(reasonFor(node, "all of it is put into an object"));
  return isFixed(place) ? [] : [place];
}

/** A new object with a copy of the fields: what it holds is shared, itself it is not. */
export function copyOf(walk: Walk, value: Value, node: Node): Value {
  const parts = value.places.flatMap((place) => partsCopied(walk, place, node));
  return parts.length === 0 ? other : only({ kind: "holder", parts });
}

function partsCopied(walk: Walk, place: Place, node: Node): readonly PartPlace[] {
  if (place.kind === "holder") return place.parts.map(within);
  if (place.kind !== "part") {
    lose(walk, only(place), node);
    return [];
  }
  if (isWhole(place)) walk.findings.readWhole(reasonFor(node, "all of it is copied"));
  const fields = place.within ? undefined : changeableFields(place.shape, node);
  if (fields !== undefined) {
    return fields.map((name) => ({ ...place, path: [...place.path, name], shape: undefined }));
  }
  return contents(place).places.flatMap((each) => (each.kind === "part" ? [each] : []));
}
