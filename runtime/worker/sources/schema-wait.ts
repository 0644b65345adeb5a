import type { Clock, Timer } from "../../clock.ts";
import type { BoundFormat } from "../../codec/format.ts";
import { isRegistryError, registryCode } from "../../codec/registry/errors.ts";
import type { StreamgenError } from "../../errors.ts";
import type { TopicPartition } from "../../log/log.ts";
import { named } from "../failures/named-error.ts";
import type { Logger } from "../scope.ts";
import type { Signals } from "../services/signals.ts";

export interface SchemaWaitOptions extends TopicPartition {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: Signals;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

const firstDelayMs = 1000;
const delayMaxMs = 30_000;
/** Registries answer from copies: one that does not have a schema is asked again after this. */
const missingAgainMs = 30_000;
/** How long a schema that is missing counts as missing without being asked for. */
const verdictMs = 60_000;
/** Ids that are missing and known for it; hostile records can name any number. */
const missingMax = 1000;
/** A call that takes longer is worth a line in the log before it ends. */
const silentMs = 2000;

/**
 * Fetches the schemas of one partition's writers. Meanwhile the partition waits: whatever keeps a
 * registry from answering, it is no record's fault. What it has twice said not to have is.
 */
export class SchemaWait {
  readonly #format: Pick<BoundFormat<unknown>, "learn">;
  readonly #options: SchemaWaitOptions;
  readonly #fetching: Map<number, Promise<void>> = new Map();
  /** By id. */
  readonly #missing: Map<number, Missing> = new Map();

  constructor(format: Pick<BoundFormat<unknown>, "learn">, options: SchemaWaitOptions) {
    this.#format = format;
    this.#options = options;
  }

  /** What a record of that writer is to do: wait for the promise, which never rejects, or fail. */
  ask(id: number, offset: number): Promise<void> | StreamgenError {
    const missing = this.#missing.get(id);
    if (missing !== undefined && this.#options.clock.now() < missing.until) return missing.error;
    const known = this.#fetching.get(id);
    if (known !== undefined) return known;
    const fetching = this.#fetch(id, offset).finally(() => this.#fetching.delete(id));
    this.#fetching.set(id, fetching);
    return fetching;
  }

  async #fetch(id: number, offset: number): Promise<void> {
    const { clock, signals } = this.#options;
    signals.count("schemaWaits");
    signals.count("partitionsWaitingForSchema", 1);
    const first = clock.timer(silentMs, () => this.#note(id, offset, { reason: "no answer yet" }));
    try {
      const error = await this.#untilKnown(id, offset, first);
      if (error === undefined) return;
      if (this.#missing.size >= missingMax) this.#missing.clear();
      this.#missing.set(id, { error, until: clock.now() + verdictMs });
    } finally {
      first.cancel();
      signals.count("partitionsWaitingForSchema", -1);
    }
  }

  /** Gives why values of this writer cannot be read; `undefined` where the format knows by itself. */
  async #untilKnown(id: number, offset: number, first: Timer): Promise<StreamgenError | undefined> {
    let wasMissing = this.#missing.has(id);
    let delayMs = firstDelayMs;
    while (!this.#options.signal.aborted) {
      const failure = await this.#learn(id);
      if (failure === undefined) return undefined;
      const isMissing = isRegistryError(failure, registryCode.unknown);
      if (isMissing && wasMissing) return failure;
      wasMissing ||= isMissing;
      first.cancel();
      const nextTryMs = isMissing ? missingAgainMs : delayMs;
      const { code, message: reason } = failure;
      this.#note(id, offset, { nextTryMs, code, reason });
      await this.#pause(nextTryMs);
      delayMs = Math.min(delayMaxMs, delayMs * 2);
    }
    return undefined;
  }

  async #learn(id: number): Promise<StreamgenError | undefined> {
    try {
      await this.#format.learn?.(id);
      return undefined;
    } catch (error) {
      return named(error, "SG9805", "a schema was not fetched");
    }
  }

  #note(schema: number, offset: number, why: Readonly<Record<string, unknown>>): void {
    const { logger, partition, topic } = this.#options;
    const place = { topic, partition, offset, schema };
    logger.warn("a partition waits for a schema", { ...place, ...why });
  }

  /** Waits; no longer than anybody wants to know. */
  #pause(delayMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = clock.timer(delayMs, done);
      signal.addEventListener("abort", done);
    });
  }
}

interface Missing {
  readonly error: StreamgenError;
  /** In milliseconds since 1970. */
  readonly until: number;
}
