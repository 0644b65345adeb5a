import type { Clock } from "../clock.ts";
import type { SchemaRegistry } from "../codec/registry.ts";
import type { Log } from "../log/log.ts";
import type { Store } from "../state/store.ts";
import type { Resources } from "./resources.ts";
import type { Logger } from "./scope.ts";
import type { Settings } from "./settings.ts";
import type { Signals } from "./signals.ts";
import type { Topics } from "./topics.ts";
import type { Views } from "./views.ts";

/** What every part of one worker shares, from its start on. */
export interface Services {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: SchemaRegistry;
  readonly settings: Settings;
  readonly topics: Topics;
  readonly resources: Resources;
  readonly views: Views;
  readonly signals: Signals;
  readonly openStore: (table: string, partition: number) => Promise<Store>;
  readonly inputWaitMaxMs: number;
  readonly settleMaxMs: number;
}
