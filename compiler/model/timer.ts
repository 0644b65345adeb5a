import type { TriggerModel } from "./topology.ts";

/** Whether a function runs because its time has come. */
export const isTimer = ({ kind }: TriggerModel): boolean => kind === "every" || kind === "cron";

/** Whether a timer ticks once in the whole app. */
export const isLeader = (trigger: TriggerModel): boolean =>
  "leader" in trigger && trigger.leader === true;
