import type { ChannelModel } from "./channel.ts";
import type { AgentModel, GroupModel, TableModel, TopicModel } from "./topology.ts";
import type { EnumModel, FixedModel, RecordModel } from "./type.ts";

/**
 * Everything the compiler knows about a pipeline: plain, immutable, JSON. `read` makes it, `check`
 * judges it, `emit` prints it; none of them sees the sources of another.
 *
 * Lists are in declared order: by source path, then by offset. Within a record the order of fields is
 * the order on the wire.
 */
export interface Program {
  readonly app: string;
  readonly records: readonly RecordModel[];
  readonly enums: readonly EnumModel[];
  readonly fixed: readonly FixedModel[];
  readonly topics: readonly TopicModel[];
  readonly tables: readonly TableModel[];
  /** Present where there are any. */
  readonly channels?: readonly ChannelModel[];
  readonly agents: readonly AgentModel[];
  readonly groups: readonly GroupModel[];
}
