import { StreamgenError } from "../../errors.ts";
import type { ContextHandle } from "../scope.ts";
import type { ResourceSpec } from "../spec.ts";

type Open = (context: ContextHandle) => unknown;

/** What is opened at the worker's start and disposed of at its stop. */
export class Resources {
  readonly #opened = new Map<Open, unknown>();

  /** Opens one after the other, in declared order. Throws SG8016 that names the one which failed. */
  async open(specs: readonly ResourceSpec[], context: ContextHandle): Promise<void> {
    for (const { name, open } of specs) {
      try {
        this.#opened.set(open, await open(context));
      } catch (error) {
        throw new StreamgenError(
          "SG8016",
          `resource "${name}" cannot be opened: ${error}`,
          {},
          error,
        );
      }
    }
  }

  /** What `open` gave. Throws SG8017 for a resource that the pipeline's spec does not list. */
  get<T>(open: (context: ContextHandle) => T): Awaited<T> {
    if (!this.#opened.has(open)) {
      throw new StreamgenError("SG8017", `resource "${open.name}" is not in the pipeline's spec`);
    }
    // The map holds what this very function gave, awaited; a map cannot say so by type.
    return this.#opened.get(open) as Awaited<T>;
  }

  /** Disposes of everything, newest first, and gives what went wrong. */
  async dispose(): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    for (const opened of [...this.#opened.values()].reverse()) {
      try {
        await dispose(opened);
      } catch (error) {
        errors.push(error);
      }
    }
    this.#opened.clear();
    return errors;
  }
}

/** `Symbol.asyncDispose` comes before `Symbol.dispose`, and that before a method called `close`. */
async function dispose(opened: unknown): Promise<void> {
  if (typeof opened !== "object" || opened === null) return;
  for (const name of [Symbol.asyncDispose, Symbol.dispose, "close"]) {
    const method: unknown = Reflect.get(opened, name);
    if (typeof method !== "function") continue;
    await method.call(opened);
    return;
  }
}
