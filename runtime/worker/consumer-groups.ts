import type { GroupSpec, PipelineSpec } from "./spec.ts";

/** One of the consumer groups that a pipeline is in. */
export interface ConsumerGroup {
  /** Its name in the log. */
  readonly name: string;
  /** Its own name, without the app's; absent for the app's group. */
  readonly suffix?: string;
  readonly groups: readonly GroupSpec[];
}

/**
 * The consumer groups of a pipeline: the app's, and those that functions have for themselves. Without
 * any function the app still has its group.
 */
export function consumerGroups(
  { groups }: Pick<PipelineSpec, "groups">,
  app: string,
): readonly ConsumerGroup[] {
  if (groups.length === 0) return [{ name: app, groups }];
  const suffixes = [...new Set(groups.map(({ consumerGroup }) => consumerGroup))];
  return suffixes.map((suffix) => ({
    name: suffix === undefined ? app : `${app}-${suffix}`,
    ...(suffix !== undefined && { suffix }),
    groups: groups.filter(({ consumerGroup }) => consumerGroup === suffix),
  }));
}
