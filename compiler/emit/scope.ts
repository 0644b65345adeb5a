import { isIdentifier } from "./code.ts";
import { upperFirst } from "./names.ts";

/** Names that are taken in a file or function. What is asked for is given, or its nearest free form. */
export class Scope {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /**
   * Takes `wanted`, or, where that is taken or no identifier, `wanted` with `suffix` behind it. The
   * same calls in the same order give the same names.
   */
  take(wanted: string, suffix: string): string {
    const candidates = [wanted, `${wanted}${upperFirst(suffix)}`, suffix];
    const free = candidates.find((name) => isIdentifier(name) && !this.#taken.has(name));
    const name = free ?? this.#numbered(isIdentifier(wanted) ? wanted : suffix);
    this.#taken.add(name);
    return name;
  }

  /** A scope inside this one. */
  inner(): Scope {
    return new Scope(this.#taken);
  }

  #numbered(name: string): string {
    let number = 2;
    while (this.#taken.has(`${name}${number}`)) number++;
    return `${name}${number}`;
  }
}
