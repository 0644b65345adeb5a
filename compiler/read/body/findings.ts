import type { Node } from "ts-morph";
import { join, type PartPlace, type Value } from "./place.ts";

/** Where and why something was concluded. */
export interface Reason {
  readonly text: string;
  readonly node: Node;
}

/** A part of the value or key that may be changed: itself, or anything below it. */
export interface Change {
  readonly of: "value" | "key";
  readonly path: readonly string[];
  readonly reason: Reason;
}

/** One use of a table. Its key is all that the key can be, over every way to get there. */
export interface Access {
  readonly table: string;
  readonly method: string;
  readonly key: Value | "scan";
  readonly node: Node;
}

/** What is found while a body is walked. It only grows, so walking something twice does no harm. */
export class Findings {
  readonly #reads = new Set<string>();
  readonly #changes: Change[] = [];
  readonly #accesses = new Map<Node, Access[]>();
  #whole: Reason | undefined;
  #gaveUp: Reason | undefined;

  /** The names of top-level fields that are read, sorted. */
  get reads(): readonly string[] {
    return [...this.#reads].sort();
  }

  get whole(): Reason | undefined {
    return this.#gaveUp ?? this.#whole;
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  get accesses(): readonly Access[] {
    return [...this.#accesses.values()].flat();
  }

  /** Set when nothing can be said about the body at all. */
  get gaveUp(): Reason | undefined {
    return this.#gaveUp;
  }

  read(field: string): void {
    this.#reads.add(field);
  }

  readWhole(reason: Reason): void {
    this.#whole ??= reason;
  }

  change(part: PartPlace, reason: Reason): void {
    const known = this.#changes.some(
      (each) => each.of === part.of && each.path.join("\0") === part.path.join("\0"),
    );
    if (!known) this.#changes.push({ of: part.of, path: part.path, reason });
  }

  access(found: Access): void {
    const here = this.#accesses.get(found.node) ?? [];
    const before = here.find((each) => each.table === found.table && each.method === found.method);
    const rest = here.filter((each) => each !== before);
    const key = before === undefined ? found.key : joinKeys(before.key, found.key);
    this.#accesses.set(found.node, [...rest, { ...found, key }]);
  }

  giveUp(reason: Reason): void {
    this.#gaveUp ??= reason;
  }
}

function joinKeys(left: Value | "scan", right: Value | "scan"): Value | "scan" {
  return left === "scan" || right === "scan" ? "scan" : join(left, right);
}
