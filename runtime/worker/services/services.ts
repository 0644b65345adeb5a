import type { Clock } from "../../clock.ts";
import type { SchemaRegistry } from "../../codec/registry.ts";
import type { Log } from "../../log/log.ts";
import type { CacheBudget } from "../../state/cache/budget.ts";
import type { Restorer } from "../../state/restorer.ts";
import type { StoreEngine } from "../../state/store.ts";
import type { Outage } from "../outage/outage.ts";
import type { Asking } from "../rpc/asking.ts";
import type { Logger } from "../scope.ts";
import type { Settings } from "../settings/settings.ts";
import type { GlobalTables } from "../tables/global/global-tables.ts";
import type { Views } from "../tables/views.ts";
import type { Patterns } from "../topics/patterns.ts";
import type { Topics } from "../topics/topics.ts";
import type { Resources } from "./resources.ts";
import type { Signals } from "./signals.ts";

/** What every part of one worker shares, from its start on. */
export interface Services {
  readonly log: Log;
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly outage: Outage;
  readonly logger: Logger;
  readonly registry: SchemaRegistry;
  readonly settings: Settings;
  readonly topics: Topics;
  /** Absent where no topic is found by a pattern. */
  readonly patterns?: Patterns;
  readonly resources: Resources;
  readonly views: Views;
  readonly asking: Asking;
  readonly globals: GlobalTables;
  readonly signals: Signals;
  readonly stores: StoreEngine;
  /** The memory that all tables share. */
  readonly cache: CacheBudget;
  readonly restorer: Restorer;
  /** Called when the worker cannot go on. */
  readonly failed: (error: unknown) => void;
  readonly inputWaitMaxMs: number;
  readonly futureSkewMaxMs: number;
  readonly idlePartitionMs: number;
  /** The repartition topics whose readers go by stream time, by their declared names. */
  readonly timedTopics: ReadonlySet<string>;
  readonly settleMaxMs: number;
}
