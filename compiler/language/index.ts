/** The language: what pipelines import from "streamgen". Types only; nothing of it exists at run time. */
export type { Beginning } from "./beginnings.ts";
export type {
  Change,
  ChangeOptions,
  ElementChange,
  TableChange,
  WindowChange,
} from "./changes.ts";
export type { Channel } from "./channels.ts";
export type { LiveCheck, LiveCheckOptions, Signal } from "./checks.ts";
export type { DeadLetter, Retry } from "./errors.ts";
export type { Join, JoinOptions } from "./joins.ts";
export type { Field, FieldOptions, Schema, SchemaOptions } from "./records.ts";
export type {
  Context,
  Logger,
  Lookup,
  Metrics,
  Resource,
  SendOptions,
  Sink,
  View,
} from "./resources.ts";
export type { Keyed, To } from "./returns.ts";
export type { Ask, AskCall, AskOptions, Client, MapCall } from "./rpc.ts";
export type {
  Decimal,
  Double,
  Duration,
  Fixed,
  Float,
  Int,
  LocalDate,
  LocalTimestamp,
  LocalTimestampMicros,
  Long,
  SafeLong,
  TimeMicros,
  TimeMillis,
  TimestampMicros,
  TimestampMillis,
  TimestampNanos,
  Uuid,
} from "./scalars.ts";
export type { SetTable, SetTableOptions } from "./sets.ts";
export type { NoPair, RowPair, TableJoinOptions } from "./table-joins.ts";
export type { Table, TableOptions } from "./tables.ts";
export type { KeyOf, Topic, TopicOptions, ValueOf } from "./topics.ts";
export type {
  Batch,
  BatchOptions,
  Command,
  Cron,
  Each,
  EachOptions,
  Event,
  EventOptions,
  Every,
  Flow,
  Message,
  On,
  OnStart,
  Stream,
  StreamOptions,
  Tick,
  TimerOptions,
  WorkerEvent,
} from "./triggers.ts";
export type { Delete, Get, Patch, Post, Put, WebPath, WebRequest } from "./web.ts";
export type {
  Closed,
  ClosedOptions,
  Final,
  Hopping,
  Session,
  Sliding,
  Tumbling,
  Window,
  WindowedTable,
  WindowedTableOptions,
} from "./windows.ts";
