export type { ActiveMember, LogAdmin, TopicAlteration } from "./admin.ts";
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
export type { Connection } from "./memory/connection.ts";
export type { CallKind, Fault, Faults, HeldCall, LogCall } from "./memory/faults.ts";
export {
  type MemberDescription,
  MemoryLog,
  type MemoryLogOptions,
  memoryLog,
  type TopicChange,
} from "./memory-log.ts";
export { murmur2, partitionOfKey, StickyPartitioner } from "./partitioner.ts";
export { type LogRecord, readRecords } from "./record.ts";
