import { logCode, logError } from "../codes.ts";
import type { Broker } from "./broker.ts";
import type { CallKind, Fault } from "./faults.ts";

/**
 * One process that uses the log. All its calls go through here, so that one may fail, wait or be the
 * last thing the process did.
 */
export class Client {
  readonly name: string;
  readonly broker: Broker;
  readonly #onCrash: (() => void)[] = [];
  #isGone = false;

  constructor(name: string, broker: Broker) {
    this.name = name;
    this.broker = broker;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Makes a call: `effect` happens in the log, unless a fault is due. */
  async call<T>(kind: CallKind, effect: () => T | Promise<T>): Promise<T> {
    if (this.#isGone) return never();
    const taken = this.broker.faults.take(kind, this.name);
    // A client whose fetch was not answered stays where it is: nothing of a poll can be lost.
    const fault = kind === "poll" && taken === "lose" ? "refuse" : taken;
    if (fault === undefined) return this.#answer(await this.#apply(effect));
    await this.#before(kind, fault);
    const result = await this.#apply(effect);
    return this.#answer(await this.#after(kind, fault, effect, result));
  }

  /** The process is gone, as after `kill -9`: nothing is closed, and no call of it ever ends. */
  crash(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    for (const fall of this.#onCrash) fall();
    this.broker.changed.notify();
  }

  onCrash(fall: () => void): void {
    this.#onCrash.push(fall);
  }

  /** What a call gives, unless the process is gone by then. */
  #answer<T>(result: T): T | Promise<never> {
    return this.#isGone ? never() : result;
  }

  async #apply<T>(effect: () => T | Promise<T>): Promise<T> {
    if (this.#isGone) return never();
    this.broker.expire();
    try {
      return await effect();
    } catch (error) {
      if (this.#isGone) return never();
      throw error;
    }
  }

  async #before(kind: CallKind, fault: Fault): Promise<void> {
    if (fault === "crash") this.crash();
    else if (fault === "refuse") {
      throw logError(logCode.unavailable, `the log refused "${kind}" and did nothing; try again`);
    } else if (typeof fault === "object" && fault.kind === "hold") await fault.until;
  }

  async #after<T>(
    kind: CallKind,
    fault: Fault,
    effect: () => T | Promise<T>,
    result: T,
  ): Promise<T> {
    if (fault === "repeat") return this.#apply(effect);
    if (fault === "crashAfter") this.crash();
    else if (fault === "lose") {
      const message = `the log did not answer "${kind}": whether it took effect is not known`;
      throw logError(logCode.unanswered, message);
    } else if (typeof fault === "object" && fault.kind === "holdAnswer") await fault.until;
    return result;
  }
}

/** A promise that nobody will ever settle. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
