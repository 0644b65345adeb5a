export { BatchCursor } from "./batch-cursor.ts";
export { BatchWriter } from "./batch-writer.ts";
export { isLogError, type LogCode, logCode } from "./codes.ts";
export type {
  CommittedOffset,
  DeletedOffset,
  FetchedBatch,
  Fetcher,
  GroupGeneration,
  GroupMember,
  Log,
  MemberOptions,
  OffsetRange,
  Producer,
  ProducerOptions,
  SentBatch,
  TopicPartition,
  TopicSettings,
} from "./log.ts";
export { murmur2, partitionOfKey, StickyPartitioner } from "./partitioner.ts";
