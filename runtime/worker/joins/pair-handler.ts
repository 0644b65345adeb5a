import type { TaskScope } from "../scope.ts";
import type { JoinHandler } from "./join-spec.ts";

/** A join's function, by what it may be given. */
export interface PairHandler<L, R> {
  both(left: L, right: R): unknown;
  /** A record without a partner; absent where the function does not get such. */
  left?(value: L): unknown;
  right?(value: R): unknown;
}

/** Opens the function for one task. */
export function openHandler<L, R>(spec: JoinHandler<L, R>, task: TaskScope): PairHandler<L, R> {
  switch (spec.kind) {
    case "inner": {
      const handle = spec.open(task);
      return { both: (left, right) => handle([left, right]) };
    }
    case "left": {
      const handle = spec.open(task);
      return {
        both: (left, right) => handle([left, right]),
        left: (value) => handle([value, undefined]),
      };
    }
    case "outer": {
      const handle = spec.open(task);
      return {
        both: (left, right) => handle([left, right]),
        left: (value) => handle([value, undefined]),
        right: (value) => handle([undefined, value]),
      };
    }
  }
}
