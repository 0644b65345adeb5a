import { StreamgenError } from "../errors.ts";

/**
 * A value was written by a schema that is not fetched yet: no fault of the value. Whoever reads it lets
 * its format learn the id, and reads it again.
 */
export class UnknownWriter extends StreamgenError {
  readonly id: number;

  constructor(id: number) {
    super("SG5050", `the value was written by schema ${id}, which is not fetched yet`);
    this.id = id;
  }
}

/** What `read` gives once the format has learned all the schemas that it needs for that. */
export async function learning<T>(
  format: { learn?(id: number): Promise<void> },
  read: () => T,
): Promise<T> {
  for (let last: number | undefined; ; ) {
    try {
      return read();
    } catch (error) {
      // A schema that was just learned and is still unknown would be so for ever.
      if (!(error instanceof UnknownWriter) || error.id === last) throw error;
      last = error.id;
      await format.learn?.(error.id);
    }
  }
}
