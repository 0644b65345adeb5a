import type { WorkerEvents } from "../contract.ts";
import type { MetricsHandle } from "../scope.ts";

type Listener<Name extends keyof WorkerEvents> = (event: WorkerEvents[Name]) => void;
type Listeners = { readonly [Name in keyof WorkerEvents]: Set<Listener<Name>> };

/** Tells whoever listens what the worker does, and counts it. */
export class Signals implements MetricsHandle {
  readonly #listeners: Listeners = {
    started: new Set(),
    assigned: new Set(),
    revoked: new Set(),
    lost: new Set(),
    restoring: new Set(),
    restored: new Set(),
    committed: new Set(),
    aborted: new Set(),
    skipped: new Set(),
    deadLettered: new Set(),
    retrying: new Set(),
    paused: new Set(),
    error: new Set(),
    stopped: new Set(),
  };
  readonly #counts = new Map<string, number>();

  on<Name extends keyof WorkerEvents>(name: Name, listener: Listener<Name>): () => void {
    const listeners: Set<Listener<Name>> = this.#listeners[name];
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit<Name extends keyof WorkerEvents>(name: Name, event: WorkerEvents[Name]): void {
    const listeners: Set<Listener<Name>> = this.#listeners[name];
    for (const listener of [...listeners]) call(listener, event);
  }

  count(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  gauge(name: string, value: number): void {
    this.#counts.set(name, value);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}

/** What a listener throws is its own: it is uncaught, and the worker goes on. */
function call<Event>(listener: (event: Event) => void, event: Event): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
