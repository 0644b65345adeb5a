import type { Exact, Span } from "./options.ts";
import type { TimestampMillis } from "./scalars.ts";
import type { AnyTopic, ValueOf } from "./topics.ts";

export interface LiveCheckOptions {
  /** How long a check may take. Default "30s". */
  timeout?: Span;
}

/**
 * Runs at an interval, in one worker of the app, and checks the running pipeline. Whatever it sends
 * carries the probe's id in the header `sg-probe`; headers are carried over, so that what comes of it
 * has it, too, and its `Signal` parameters find it. Returning passes the check, throwing fails it; each
 * outcome is reported.
 */
export interface LiveCheck<
  _S extends Span,
  _O extends LiveCheckOptions & Exact<_O, LiveCheckOptions> = object,
> {
  /** The probe's id. */
  readonly probe: string;
  readonly at: TimestampMillis;
}

/** What a live check waits for: records of a topic that come of its probe. */
export interface Signal<T extends AnyTopic> {
  /**
   * The value of the first such record, of the second where it is called again, and so on. Rejects when
   * the check's time is over.
   */
  wait(): Promise<ValueOf<T>>;
}
