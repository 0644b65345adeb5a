import { Interludes } from "../agents/interludes.ts";
import type { TaskName } from "../contract.ts";
import { Timers } from "../outside/timers.ts";
import type { TaskScope } from "../scope.ts";
import type { Services } from "../services/services.ts";
import type { GroupSpec, Source } from "../spec.ts";
import { TaskTables } from "../tables/task-tables.ts";
import { openTeller, openUpstreams } from "../upstream/open-upstream.ts";
import { Closings, type ClosingsOptions } from "../windows/closings.ts";
import { StreamTime } from "../windows/stream-time.ts";
import { WorkerCore } from "../worker-core.ts";
import { Input } from "./input.ts";
import { InputChoice } from "./input-choice.ts";
import { TaskCore } from "./task-core.ts";

/** What a task is put together from. */
export interface TaskParts {
  readonly name: TaskName;
  readonly core: WorkerCore;
  readonly scope: TaskCore;
  readonly tables: TaskTables;
  readonly inputs: readonly Input[];
  readonly choice: InputChoice;
  readonly timers: Timers<TaskScope>;
  readonly time: StreamTime;
  /** Absent where no function waits for windows to close. */
  readonly closings?: Closings;
  /** Tells the worker that the task may have something to do. */
  readonly wake: () => void;
}

/** Opens stores and agents of one group at one partition. Nothing is read yet. */
export async function openParts(
  group: GroupSpec,
  partition: number,
  services: Services,
  wake: () => void,
): Promise<TaskParts> {
  const name = { group: group.name, partition };
  const core = new WorkerCore(services, partition);
  const upstreams = openUpstreams(group, services);
  const told = [...upstreams.values()];
  const time = new StreamTime(services.clock.now, services.futureSkewMaxMs, told);
  const tables = await TaskTables.open(name, group, { core, time });
  const scope = new TaskCore(name, core, {
    ...{ rows: tables.rows, time },
    interludes: new Interludes(wake),
  });
  const inputs = rowsFirst(group.sources).map((source) => {
    const place = { topic: services.topics.nameOf(source.topic.name), partition };
    const { internal, repartitionOf } = source.topic;
    const isSpent = repartitionOf !== undefined || internal !== undefined;
    return new Input(place, source.open(scope), {
      ...{ isSpent, wake, beginning: source.from },
      isTimeless: source.isTimeless === true,
      upstream: upstreams.get(source.topic.name),
      teller: openTeller(source, core, { partition, wake }),
    });
  });
  const { clock, inputWaitMaxMs, signals } = services;
  const waited = () => {
    signals.count("inputWaits");
    wake();
  };
  const choice = new InputChoice(inputs, { clock, waitMaxMs: inputWaitMaxMs, waited });
  const timers = new Timers<TaskScope>(group.timers, { clock, wake, partition });
  const closings = openClosings(group, scope, { clock, inputs, time, wake });
  for (const each of group.channels ?? []) scope.channels.connect(each.name, each.open(scope));
  await core.formats.ready();
  const parts = { name, core, scope, tables, inputs, choice, timers, time, wake };
  return closings === undefined ? parts : { ...parts, closings };
}

/** At one moment, rows come before the records that may look for them. */
const rowsFirst = (sources: readonly Source[]): readonly Source[] => [
  ...sources.filter(({ tables }) => tables.length > 0),
  ...sources.filter(({ tables }) => tables.length === 0),
];

function openClosings(
  { closings = [] }: GroupSpec,
  scope: TaskCore,
  { inputs, ...options }: Omit<ClosingsOptions, "isAtEnd"> & { readonly inputs: readonly Input[] },
): Closings | undefined {
  if (closings.length === 0) return undefined;
  const isAtEnd = () => inputs.every((input) => input.isPaused || input.isIdle);
  return new Closings(
    closings.map((each) => each.open(scope)),
    { ...options, isAtEnd },
  );
}
