/** What generated code and programs around it import from "@streamgen/runtime". */
export type { Clock, Timer } from "../clock.ts";
export { type ErrorPlace, StreamgenError } from "../errors.ts";
export type { Span } from "../span.ts";
export type { SetHandle, SetLookupHandle } from "../state/set-handle.ts";
export type { LookupHandle, TableHandle } from "../state/table-handle.ts";
export { indexOf } from "../state/tended/index-of.ts";
export type { IndexedLookup, IndexedTable } from "../state/tended/indexed-table.ts";
export type { SessionSpec, SlidingSpec, TableWindows } from "../state/windows/keyed-spec.ts";
export type {
  WindowedLookupHandle,
  WindowedTableHandle,
  WindowHandle,
  WindowLookupHandle,
} from "../state/windows/window-handle.ts";
export type { Final, Window } from "../state/windows/window-rows.ts";
export type { WindowSpec } from "../state/windows/window-shape.ts";
export type { Event, ManualEvent, ManualStream, Stream } from "../stream/event.ts";
export type { Flow } from "../stream/flow.ts";
export type { AgentSpec } from "./agents/agent-spec.ts";
export type {
  ChangeAgentSpec,
  ChangesSpec,
  ElementChange,
  TableChange,
  WindowChange,
} from "./changes/change-spec.ts";
export { changes, elementChanges, windowChanges } from "./changes/changes.ts";
export {
  type Channel,
  type ChannelAgentSpec,
  type ChannelSpec,
  channel,
} from "./channels/channel-spec.ts";
export type { ChannelHandle } from "./channels/channels.ts";
export { type LiveCheckSpec, liveCheck } from "./checks/live-check.ts";
export type { SignalHandle } from "./checks/probes.ts";
export { type CheckReport, readReports } from "./checks/report.ts";
export { type Client, openClient } from "./connect/open-client.ts";
export type {
  InputHealth,
  TaskHealth,
  TaskName,
  TaskState,
  TasksMoved,
  Worker,
  WorkerEvents,
  WorkerHealth,
  WorkerOptions,
  WorkerState,
} from "./contract.ts";
export type { CronSpec } from "./cron/spec.ts";
export type { ErrorPolicy, LastStep, Retrying, TickPolicy } from "./failures/error-policy.ts";
export { type Happening, type Hook, type HookEvent, type HookSpec, hook } from "./hooks/spec.ts";
export { join } from "./joins/join.ts";
export type { Join, JoinHandler, JoinSideSpec, JoinSpec, OuterPair } from "./joins/join-spec.ts";
export { either } from "./outputs/either.ts";
export { type Asker, type AskerSettings, createAsker } from "./outside/asker.ts";
export { createProducer, type TopicProducer } from "./outside/client.ts";
export type { ClientSettings } from "./outside/client-settings.ts";
export {
  type Command,
  type CommandFlag,
  type CommandSpec,
  command,
} from "./outside/command-spec.ts";
export { readTopic, type TopicRecord } from "./outside/topic-reader.ts";
export { pipeline } from "./pipeline.ts";
export type { ClientHandle, MapCall } from "./rpc/client-handle.ts";
export { AnswerError } from "./rpc/errors.ts";
export type { AskCall } from "./rpc/question-sender.ts";
export { type AnsweringSpec, type AskSpec, answering, noAnswer } from "./rpc/spec.ts";
export type {
  ContextHandle,
  Keyed,
  KeyedSinkHandle,
  LogFields,
  Logger,
  MetricsHandle,
  SendOptions,
  SetViewHandle,
  SinkHandle,
  TaskScope,
  Tick,
  ViewHandle,
  WindowedViewHandle,
  WorkerScope,
} from "./scope.ts";
export { source } from "./sources/source-driver.ts";
export type {
  GroupSpec,
  PipelineSpec,
  ResourceSpec,
  SetTableSpec,
  Setting,
  Source,
  SourceSpec,
  StartSpec,
  TableDeclaration,
  TableSpec,
  TimerSpec,
  TopicDeclaration,
  TopicOverride,
  TopicSpec,
  WindowedTableDeclaration,
  WindowedTableSpec,
  WorkerConfig,
} from "./spec.ts";
export type { ForeignJoinSpec } from "./table-joins/foreign-join-spec.ts";
export { foreignLeft, foreignResponses } from "./table-joins/foreign-left.ts";
export { foreignRight, foreignSubscriptions } from "./table-joins/foreign-right.ts";
export { joinLeft, joinRight } from "./table-joins/table-join.ts";
export type {
  InnerRows,
  LeftRows,
  NoPair,
  OuterRows,
  RowPair,
  TableJoinSpec,
} from "./table-joins/table-join-spec.ts";
export { type IndexedTableSpec, indexedTable } from "./tables/indexed-table.ts";
export {
  rowsOf,
  type SourcedIndexedTableSpec,
  type SourcedTableSpec,
  sourcedTable,
} from "./tables/sourced-table.ts";
export type { WebAnswer, WebRequest } from "./web/answer.ts";
export {
  type BodyForm,
  jsonBody,
  noBody,
  type Route,
  type RouteRequest,
  type RouteSpec,
  route,
  type WebMethod,
} from "./web/spec.ts";
export { closing } from "./windows/closing-driver.ts";
export type { ClosedAgentSpec, Closing, ClosingSpec } from "./windows/closing-spec.ts";
