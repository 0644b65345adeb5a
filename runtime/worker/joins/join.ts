import { JoinReach, unmatchedWindows } from "../../state/joins/join-reach.ts";
import { UnmatchedRows } from "../../state/joins/unmatched-rows.ts";
import type { WindowSpec } from "../../state/windows/window-shape.ts";
import type { AgentSpec } from "../agents/agent-spec.ts";
import type { TableDeclaration } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { Closing } from "../windows/closing-spec.ts";
import { JoinHalf } from "./join-half.ts";
import type { Join, JoinSpec } from "./join-spec.ts";
import { openHandler } from "./pair-handler.ts";
import { Pairing } from "./pairing.ts";
import { makeGiver, UnmatchedDriver } from "./unmatched-driver.ts";

/** Closes over a join's types. */
export function join<LK, L, RK, R>(spec: JoinSpec<LK, L, RK, R>): Join<LK, L, RK, R> {
  const reach = { left: JoinReach.ofLeft(spec), right: JoinReach.ofRight(spec) };
  const left = table(`${spec.name}-left`, spec.left.changelog, reach.left.pieces);
  const right = table(`${spec.name}-right`, spec.right.changelog, reach.right.pieces);
  const unmatched = unmatchedOf(spec);
  // Both sides, and what is without a partner, come to one function with the resources of one task.
  const open = perTask(
    (task) =>
      new JoinTask(spec, task, {
        left: new JoinHalf(spec.left, task, { side: "left", table: left.name, reach: reach.left }),
        right: new JoinHalf(spec.right, task, {
          ...{ side: "right", table: right.name, reach: reach.right },
        }),
        rows: unmatched?.rows(task),
      }),
  );
  const closing = (alone: UnmatchedTable): Closing => ({
    ...{ table: alone.table, agents: [spec.name] },
    open: (task) => open(task).closing(alone.rows(task)),
  });
  return {
    left: side(spec, (task) => open(task).left),
    right: side(spec, (task) => open(task).right),
    tables: unmatched === undefined ? [left, right] : [left, right, unmatched.table],
    closings: unmatched === undefined ? [] : [closing(unmatched)],
  };
}

interface UnmatchedTable {
  readonly table: TableDeclaration;
  readonly rows: (task: TaskCore) => UnmatchedRows;
}

/** Where records without a partner wait, where the function gets such. */
function unmatchedOf<LK, L, RK, R>(spec: JoinSpec<LK, L, RK, R>): UnmatchedTable | undefined {
  if (spec.kind === "inner") return undefined;
  const name = `${spec.name}-unmatched`;
  return {
    table: table(name, spec.unmatched, unmatchedWindows(spec.graceMs)),
    rows: perTask((task) => new UnmatchedRows(task.rowsOf(name))),
  };
}

const table = (name: string, changelog: string, windows: WindowSpec): TableDeclaration => ({
  ...{ name, changelog, windows },
});

/** Makes a thing once for each task. */
function perTask<T>(make: (task: TaskCore) => T): (task: TaskCore) => T {
  const made = new WeakMap<TaskCore, { readonly one: T }>();
  return (task) => {
    const known = made.get(task) ?? { one: make(task) };
    made.set(task, known);
    return known.one;
  };
}

function side<LK, L, RK, R, K, V, W>(
  { mayChangeValues, name, onError }: JoinSpec<LK, L, RK, R>,
  pairing: (task: TaskCore) => Pairing<V, W>,
): AgentSpec<K, V> {
  return {
    kind: "joined",
    name,
    onError,
    ...(mayChangeValues === true && { mayChangeValue: true }),
    openSide(task) {
      const own = pairing(task);
      return (record) => own.run(record);
    },
  };
}

interface Halves<L, R> {
  readonly left: JoinHalf<L>;
  readonly right: JoinHalf<R>;
  readonly rows: UnmatchedRows | undefined;
}

/** A join in one task. */
class JoinTask<LK, L, RK, R> {
  readonly left: Pairing<L, R>;
  readonly right: Pairing<R, L>;
  readonly closing: (rows: UnmatchedRows) => UnmatchedDriver;

  constructor(spec: JoinSpec<LK, L, RK, R>, task: TaskCore, { left, right, rows }: Halves<L, R>) {
    const { graceMs, idleMs, mayChangeValues = false, name, onError } = spec;
    const handler = openHandler(spec, task);
    const leftUnmatched = handler.left === undefined ? undefined : rows;
    const rightUnmatched = handler.right === undefined ? undefined : rows;
    this.left = new Pairing(task, {
      ...{ own: left, other: right, mayChangeValues },
      ...{ ownUnmatched: leftUnmatched, otherUnmatched: rightUnmatched },
      call: (own, other) => handler.both(own, other),
    });
    this.right = new Pairing(task, {
      ...{ own: right, other: left, mayChangeValues },
      ...{ ownUnmatched: rightUnmatched, otherUnmatched: leftUnmatched },
      call: (own, other) => handler.both(other, own),
    });
    this.closing = (waiting) => {
      const agent = { name, onError };
      const givers = [
        ...(handler.left ? [makeGiver(task, { ...agent, half: left, call: handler.left })] : []),
        ...(handler.right ? [makeGiver(task, { ...agent, half: right, call: handler.right })] : []),
      ];
      return new UnmatchedDriver(task, { rows: waiting, idleMs, graceMs, givers });
    };
  }
}
