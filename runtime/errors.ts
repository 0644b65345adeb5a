/** Where an error happened, as far as it is known. */
export interface ErrorPlace {
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: number;
  readonly agent?: string;
  readonly table?: string;
  /** The path of the field, such as `items[3].price`. */
  readonly field?: string;
  /** The byte inside the value, from 0. */
  readonly position?: number;
}

/** The same for all copies of this module in a process. */
const mark: unique symbol = Symbol.for("@streamgen/runtime/error");

/**
 * Every error that the runtime throws on purpose. `code` is stable: SG5xxx codec, SG6xxx log, SG7xxx
 * state, SG8xxx worker and command line, SG9xxx a bug in streamgen.
 */
export class StreamgenError extends Error {
  readonly code: `SG${number}`;
  readonly place: ErrorPlace;

  constructor(code: `SG${number}`, message: string, place: ErrorPlace = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StreamgenError";
    Object.defineProperty(this, mark, { value: true });
    this.code = code;
    this.place = place;
  }

  /** The same error with more of its place known. What is known already stays. */
  at(place: ErrorPlace): StreamgenError {
    const located = new StreamgenError(
      this.code,
      this.message,
      { ...place, ...this.place },
      this.cause,
    );
    if (this.stack !== undefined) located.stack = this.stack;
    return located;
  }
}

// A loader that turns modules into CommonJS makes a second copy of this one for `import()`. An error of
// either is one for both.
Object.defineProperty(StreamgenError, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    const isMarked = typeof value === "object" && value !== null && mark in value;
    if (this === StreamgenError) return isMarked;
    // A subclass inherits this function, and is what the language says.
    return Function.prototype[Symbol.hasInstance].call(this, value);
  },
});
