import type { TypeNode } from "ts-morph";
import type { DeclarationModel, PartStep } from "../model/type.ts";

/** What a type is the type of: gives anonymous types their names, and messages their subject. */
export interface Where {
  /** The name that an anonymous record or enum gets: `OrderAddress`. */
  readonly name: string;
  /** For messages: `field "total"`, `the value of topic "orders"`. */
  readonly subject: string;
  /** Of the record around it, which anonymous types share. */
  readonly namespace: string | undefined;
  /** How generated code refers to an anonymous type here. */
  readonly declaration: DeclarationModel;
  /** `x?: T`: TypeScript's `undefined` is allowed in the union. */
  readonly optional: boolean;
  /** The name of a `Fixed` that has no alias. */
  readonly fixedName: string;
  /** The types that are being read around this one, up to the nearest record. */
  readonly within: readonly TypeNode[];
}

export const inline: DeclarationModel = { kind: "inline" };

/** One step further into the type. */
export const into = (where: Where, step: PartStep): Where => ({
  ...where,
  optional: false,
  declaration: partOf(where.declaration, step),
});

export function partOf(of: DeclarationModel, step: PartStep): DeclarationModel {
  switch (of.kind) {
    case "inline":
      return of;
    case "part":
      return { ...of, path: [...of.path, step] };
    case "export":
      return { kind: "part", of, path: [step] };
  }
}

/** One of several branches of a union: no path leads to it alone. */
export const amongOthers = (where: Where): Where => ({
  ...where,
  optional: false,
  declaration: inline,
});
