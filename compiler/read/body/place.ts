import { isPrimitive, type Shape } from "./shape.ts";

/** What an expression may be, as far as it matters here. */
export type Place =
  | PartPlace
  /** The record of an event, with its value and key. */
  | { readonly kind: "event" }
  /** A sequence; asking for the next gives one of these. */
  | { readonly kind: "flow"; readonly of: Value }
  /** An array that the runtime has made, of these. */
  | { readonly kind: "list"; readonly of: Value }
  /** A pair that a sequence gives, such as an index and a value. */
  | { readonly kind: "tuple"; readonly items: readonly Value[] }
  /** A new object or array that holds parts of the value which could be changed through it. */
  | { readonly kind: "holder"; readonly parts: readonly PartPlace[] }
  | { readonly kind: "table"; readonly table: string }
  /** Something of the runtime's that encodes what it is given at once, and keeps nothing. */
  | { readonly kind: "library"; readonly is: LibraryPart }
  /** What the stream's key function gives for the value. */
  | { readonly kind: "derived" }
  | { readonly kind: "constant" }
  /** `undefined` or `null`, written out. */
  | { readonly kind: "nothing" };

/** A part of the value or of the key. The empty path is the whole. */
export interface PartPlace {
  readonly kind: "part";
  readonly of: "value" | "key";
  readonly path: readonly string[];
  /** Not that part itself but something it holds, or it: which is not known. */
  readonly within: boolean;
  readonly shape: Shape;
}

export type LibraryPart = "sink" | "view" | "context" | "log" | "metrics";

/**
 * All that an expression can be: one of `places`, or, if `other`, something that is none of them. A
 * value without places and without `other` has not been seen yet.
 */
export interface Value {
  readonly places: readonly Place[];
  readonly other: boolean;
}

export const unseen: Value = { places: [], other: false };
export const other: Value = { places: [], other: true };
export const constant: Value = { places: [{ kind: "constant" }], other: false };
export const nothing: Value = { places: [{ kind: "nothing" }], other: false };

export function only(place: Place): Value {
  return { places: [place], other: false };
}

/** What is either one of these. */
export function join(...values: readonly Value[]): Value {
  const placeById = new Map(
    values.flatMap((value) => value.places.map((place) => [idOf(place), place] as const)),
  );
  return { places: [...placeById.values()], other: values.some((value) => value.other) };
}

/** The same, but not certainly so. */
export function perhaps(value: Value): Value {
  return value.other ? value : { places: value.places, other: true };
}

/** The one place that a value certainly is. */
export function certainly(value: Value): Place | undefined {
  const [place] = value.places;
  return value.places.length === 1 && !value.other ? place : undefined;
}

/** Equal texts for equal values. */
export function idOfValue(value: Value): string {
  return `${value.other ? "?" : ""}[${value.places.map(idOf).sort().join()}]`;
}

function idOf(place: Place): string {
  switch (place.kind) {
    case "part":
      return `${place.of}${place.within ? "~" : ""}${JSON.stringify(place.path)}`;
    case "flow":
      return `flow${idOfValue(place.of)}`;
    case "list":
      return `list${idOfValue(place.of)}`;
    case "tuple":
      return `tuple${place.items.map(idOfValue).join()}`;
    case "holder":
      return `holder[${place.parts.map(idOf).sort().join()}]`;
    case "table":
      return `table ${place.table}`;
    case "library":
      return place.is;
    default:
      return place.kind;
  }
}

/** Whether a place is the whole value, or something that may be it. */
export function isWhole(place: Place): boolean {
  return place.kind === "part" && place.of === "value" && place.path.length === 0;
}

/** Whether a place can never be changed through a reference to it. */
export function isFixed(place: PartPlace): boolean {
  return !place.within && isPrimitive(place.shape);
}

/** The same part, or something that it holds. */
export function within(part: PartPlace): PartPlace {
  return { ...part, within: true, shape: undefined };
}
