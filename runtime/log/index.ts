export { BatchCursor } from "./batch-cursor.ts";
export { BatchWriter } from "./batch-writer.ts";
export { isLogError, type LogCode, logCode } from "./codes.ts";
export type {
  CommittedOffset,
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
