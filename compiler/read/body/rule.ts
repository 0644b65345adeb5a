import type { KindToNodeMappings, Node, SyntaxKind } from "ts-morph";
import type { Frame } from "./frame.ts";
import type { Value } from "./place.ts";
import type { Walk } from "./walk.ts";

/** What one kind of syntax does with the values in it. */
export interface Rule {
  readonly kind: SyntaxKind;
  readonly apply: (walk: Walk, node: Node, frame: Frame) => Value | undefined;
}

export function rule<K extends SyntaxKind>(
  kind: K,
  apply: (walk: Walk, node: KindToNodeMappings[K], frame: Frame) => Value,
): Rule {
  return {
    kind,
    apply(walk, node, frame) {
      const found = node.asKind(kind);
      return found === undefined ? undefined : apply(walk, found, frame);
    },
  };
}
