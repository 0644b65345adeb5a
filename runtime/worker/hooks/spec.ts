import type { TickPolicy } from "../failures/error-policy.ts";
import type { WorkerScope } from "../scope.ts";

export type HookEvent = "assigned" | "revoked" | "recovered" | "stopping";

/** What a hook is told: what happens, and to which tasks. */
export interface Happening<Event extends HookEvent> {
  readonly event: Event;
  readonly tasks: readonly { readonly group: string; readonly partition: number }[];
  /** `revoked` only: others have the tasks already, and what was not committed is done again there. */
  readonly isLost?: true;
}

/** Runs when something happens to the worker, which waits for it, though not without end. */
export interface HookSpec<Event extends HookEvent> {
  readonly name: string;
  readonly events: readonly Event[];
  readonly onError: TickPolicy;
  open(scope: WorkerScope): (happening: Happening<Event>) => unknown;
}

/** A hook whose events are closed over: `hook(spec)` makes it. */
export interface Hook {
  readonly name: string;
  readonly onError: TickPolicy;
  /** What is to be called; `undefined` for an event that is none of its own. */
  callFor(happening: Happening<HookEvent>): ((scope: WorkerScope) => () => unknown) | undefined;
}

export function hook<Event extends HookEvent>(spec: HookSpec<Event>): Hook {
  const { name, events, onError } = spec;
  return {
    name,
    onError,
    callFor(happening) {
      const event = events.find((one) => one === happening.event);
      if (event === undefined) return undefined;
      return (scope) => {
        const call = spec.open(scope);
        return () => call({ ...happening, event });
      };
    },
  };
}
