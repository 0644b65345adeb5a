import type { Primitive } from "./schema.ts";

/**
 * How bytes of a writer's schema become bytes of a reader's. Steps may lead back to themselves, where
 * a record holds itself.
 */
export type Step =
  | ScalarStep
  | FixedStep
  | PromoteStep
  | EnumStep
  | ArrayStep
  | MapStep
  | RecordStep
  | ChoiceStep
  | WrapStep
  | FailStep;

/** The same bytes on both sides; an int is a long, and text is bytes, as it stands. */
export interface ScalarStep {
  readonly kind: "scalar";
  readonly type: Primitive;
}

export interface FixedStep {
  readonly kind: "fixed";
  readonly size: number;
}

export interface PromoteStep {
  readonly kind: "promote";
  readonly from: "int" | "long" | "float";
  readonly to: "float" | "double";
}

export interface EnumStep {
  readonly kind: "enum";
  /** The reader's index for each of the writer's; -1 where the reader has no such symbol. */
  readonly indices: readonly number[];
  readonly symbols: readonly string[];
  readonly name: string;
}

export interface ArrayStep {
  readonly kind: "array";
  readonly items: Step;
  /** The smallest number of bytes that an item takes as it was written. */
  readonly itemMinBytes: number;
}

export interface MapStep {
  readonly kind: "map";
  readonly values: Step;
  /** The same, with the key. */
  readonly itemMinBytes: number;
}

export interface RecordStep {
  readonly kind: "record";
  readonly name: string;
  /** Walks over each field as it was written, in that order. */
  readonly written: readonly Step[];
  /** What the reader wants, in its order. */
  readonly wanted: readonly Wanted[];
  /** Whether fields are wanted in the order in which they were written, each once. */
  readonly isInOrder: boolean;
  /** Whether all of it is the same bytes on both sides. */
  readonly isSame: boolean;
}

/** A field as it was written, or a default's bytes. */
export type Wanted =
  | {
      readonly kind: "field";
      readonly index: number;
      readonly step: Step;
      /** Whether its bytes are the same on both sides. */
      readonly isSame: boolean;
    }
  | { readonly kind: "default"; readonly bytes: Uint8Array };

/** The writer's union. */
export interface ChoiceStep {
  readonly kind: "choice";
  readonly branches: readonly Step[];
}

/** A branch of the reader's union. */
export interface WrapStep {
  readonly kind: "wrap";
  readonly index: number;
  readonly step: Step;
}

/** What the reader's schema cannot hold. */
export interface FailStep {
  readonly kind: "fail";
  readonly reason: string;
}

/** Whether a step leaves all bytes as they are. Of a record that is not finished it says no. */
export function isSame(step: Step): boolean {
  switch (step.kind) {
    case "scalar":
    case "fixed":
      return true;
    case "enum":
      return step.indices.every((index, written) => index === written);
    case "array":
      return isSame(step.items);
    case "map":
      return isSame(step.values);
    case "record":
      return step.isSame;
    case "choice":
      return step.branches.every(
        (branch, index) => branch.kind === "wrap" && branch.index === index && isSame(branch.step),
      );
    default:
      return false;
  }
}
