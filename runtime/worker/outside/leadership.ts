import type { GroupMember, TopicPartition } from "../../log/log.ts";
import { partitionKey } from "../../log/partition-key.ts";
import { within } from "../outage/patience.ts";
import { untilAnswered } from "../outage/retry.ts";
import type { WorkerScope } from "../scope.ts";
import type { Services } from "../services/services.ts";
import type { TimerSpec } from "../spec.ts";
import type { Direct } from "./direct.ts";

export interface LeadershipOptions {
  readonly direct: Direct;
  readonly timers: readonly TimerSpec<WorkerScope>[];
  /** Whoever has it leads. */
  readonly place: TopicPartition;
  /** Called where a timer stops. */
  readonly failed: (error: unknown) => void;
}

/**
 * Timers that tick once in the whole app. The leader is the member that has one certain partition: the
 * group gives it to nobody else before this member has let go of it, which waits for a tick that is
 * running. Before each tick the group is asked, so that one who was expelled and does not know does
 * not tick.
 */
export class Leadership {
  readonly #services: Services;
  readonly #direct: Direct;
  readonly #timers: readonly TimerSpec<WorkerScope>[];
  readonly #place: TopicPartition;
  readonly #failed: (error: unknown) => void;
  #end: (() => Promise<void>) | undefined;

  constructor(services: Services, options: LeadershipOptions) {
    this.#services = services;
    this.#direct = options.direct;
    this.#timers = options.timers;
    this.#place = options.place;
    this.#failed = options.failed;
  }

  async assigned(partitions: readonly TopicPartition[], member: GroupMember): Promise<void> {
    if (this.#end !== undefined || !this.#isAmong(partitions)) return;
    const { logger } = this.#services;
    logger.info("leads the app", { timers: this.#timers.length });
    this.#end = await this.#direct.startTimers(this.#timers, {
      failed: this.#failed,
      isAligned: true,
      mayTick: () => untilAnswered(this.#services, () => member.holds(this.#place)),
    });
  }

  /** Resolves when no tick runs any more, or the time for it is over. */
  async revoked(partitions: readonly TopicPartition[]): Promise<void> {
    const end = this.#end;
    if (end === undefined || !this.#isAmong(partitions)) return;
    this.#end = undefined;
    const { clock, logger, settleMaxMs } = this.#services;
    const isOver = await within(clock, settleMaxMs, end());
    if (!isOver) logger.warn("a timer of the leader's goes on after another worker leads", {});
  }

  #isAmong(partitions: readonly TopicPartition[]): boolean {
    return partitions.some((one) => partitionKey(one) === partitionKey(this.#place));
  }
}
