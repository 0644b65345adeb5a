import type { CallExpression } from "ts-morph";
import type { Place } from "./place.ts";

/** A call of a method of something that is followed. */
export interface MethodCall<P extends Place = Place> {
  readonly place: P;
  /** Undefined when it is worked out. */
  readonly name: string | undefined;
  readonly node: CallExpression;
}

/** A place of one kind. */
export type PlaceOf<K extends Place["kind"]> = Extract<Place, { readonly kind: K }>;
