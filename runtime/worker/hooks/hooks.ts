import type { StreamgenError } from "../../errors.ts";
import type { TaskName } from "../contract.ts";
import { lastStep } from "../failures/error-policy.ts";
import { named } from "../failures/named-error.ts";
import { isWorthRetrying, retry } from "../failures/retries.ts";
import { within } from "../outage/patience.ts";
import type { Direct } from "../outside/direct.ts";
import type { Services } from "../services/services.ts";
import type { WorkerCore } from "../worker-core.ts";
import type { Happening, Hook, HookEvent } from "./spec.ts";

/** Calls the functions that run when something happens to the worker, in declared order. */
export class Hooks {
  readonly #services: Services;
  readonly #direct: Direct;
  readonly #hooks: readonly Hook[];
  readonly #failed: (error: unknown) => void;

  constructor(
    services: Services,
    direct: Direct,
    options: {
      readonly hooks: readonly Hook[];
      /** Called where a hook throws and does not skip. */
      readonly failed: (error: unknown) => void;
    },
  ) {
    this.#services = services;
    this.#direct = direct;
    this.#hooks = options.hooks;
    this.#failed = options.failed;
  }

  /** Resolves when the hooks of an event are done, or each has had its time. Never rejects. */
  async run(event: HookEvent, tasks: readonly TaskName[], isLost = false): Promise<void> {
    const happening = { event, tasks, ...(isLost && { isLost }) };
    for (const hook of this.#hooks) await this.#call(hook, happening);
  }

  async #call(hook: Hook, happening: Happening<HookEvent>): Promise<void> {
    const { name, onError } = hook;
    const open = hook.callFor(happening);
    if (open === undefined) return;
    const { clock, logger, settleMaxMs, signals } = this.#services;
    const scope = this.#direct.scope();
    try {
      const call = open(scope.core);
      await scope.core.formats.ready();
      const running = scope.during(name, () => calling(hook, scope.core, call));
      if (!(await within(clock, settleMaxMs, running))) {
        const waitedMs = settleMaxMs;
        logger.warn("a hook takes too long", { agent: name, event: happening.event, waitedMs });
        running.catch(() => undefined);
      }
    } catch (error) {
      const located = failedHook(hook, error);
      if (lastStep(onError) === "stop") return this.#failed(located);
      signals.count("skipped");
      signals.emit("skipped", { error: located });
      logger.warn("a hook was skipped", { code: located.code, reason: located.message });
    } finally {
      scope.core.end();
      await this.#direct.end(scope);
    }
  }
}

/** Calls a hook as often as its `onError` says. Rejects with what it has failed with last. */
async function calling(hook: Hook, core: WorkerCore, call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isWorthRetrying(hook.onError, error)) throw error;
    core.undo.rollback(0);
    const failed = (cause: unknown) => failedHook(hook, cause);
    const givenUp = await retry(core, hook.onError, { again: call, failed }, error);
    if (givenUp !== undefined) throw givenUp.error;
  }
}

const failedHook = ({ name }: Hook, error: unknown): StreamgenError =>
  named(error, "SG8522", `hook "${name}" threw`).at({ agent: name });
