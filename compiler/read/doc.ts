import type { JSDocableNode } from "ts-morph";

/** The text of the doc comment that ends before a declaration, without its tags. */
export function docOf(node: JSDocableNode): string | undefined {
  const text = node.getJsDocs().at(-1)?.getDescription().replaceAll("\r\n", "\n").trim();
  return text === "" ? undefined : text;
}
