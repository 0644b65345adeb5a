import type { Log, Producer } from "../../log/log.ts";
import { untilAnswered } from "../outage/retry.ts";
import type { WorkerScope } from "../scope.ts";
import type { Services } from "../services/services.ts";
import type { StartSpec, TimerSpec } from "../spec.ts";
import { DirectScope, type TickOptions } from "./direct-scope.ts";

/**
 * What runs outside of tasks: `OnStart` functions, and timers without a table. What these send goes
 * out at once, outside of any transaction, and is awaited before they count as done.
 */
export class Direct {
  readonly #services: Services;
  readonly #producer: Producer;
  readonly #scopes = new Set<DirectScope>();

  static async open(log: Log, services: Services): Promise<Direct> {
    return new Direct(services, await log.producer({}));
  }

  constructor(services: Services, producer: Producer) {
    this.#services = services;
    this.#producer = producer;
  }

  /** Runs the start functions in declared order. Throws what one of them throws. */
  async runStarts(starts: readonly StartSpec[]): Promise<void> {
    const { app } = this.#services.settings;
    for (const { name, open } of starts) {
      const scope = this.scope();
      const handle = open(scope.core);
      await scope.core.formats.ready();
      await scope.during(name, () => handle({ app }));
    }
  }

  /** Starts the timers, and gives what ends them again. */
  async startTimers(
    timers: readonly TimerSpec<WorkerScope>[],
    options: TickOptions,
  ): Promise<() => Promise<void>> {
    const scopes = timers.map((timer) => {
      const scope = this.scope();
      scope.tick(timer, options);
      return scope;
    });
    for (const scope of scopes) await scope.core.formats.ready();
    return async () => {
      await Promise.all(scopes.map((scope) => this.end(scope)));
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#scopes].map((scope) => this.end(scope)));
    await untilAnswered(this.#services, () => this.#producer.close());
  }

  /** A scope of its own for a function; `end` is called when that is done. */
  scope(): DirectScope {
    const scope = new DirectScope(this.#services, this.#producer);
    this.#scopes.add(scope);
    return scope;
  }

  /** Resolves when nothing of a scope runs any more. */
  async end(scope: DirectScope): Promise<void> {
    scope.stop();
    await scope.idle();
    this.#scopes.delete(scope);
  }
}
