/** What a user's tests import from "@streamgen/runtime/testing". */

export type { Span } from "../span.ts";
export { Driver, type DriverOptions, openDriver } from "./driver.ts";
export { type ContextParts, context, type FakeContext } from "./fakes/fake-context.ts";
export {
  event,
  type FakeEvent,
  type Outcome,
  type Place,
  type PlaceIn,
} from "./fakes/fake-event.ts";
export { FakeKeyedSink, FakeSink, keyedSink, type Sent, sink } from "./fakes/fake-sink.ts";
export { type FakeStream, stream } from "./fakes/fake-stream.ts";
export { FakeTable, type TableArguments, table } from "./fakes/fake-table.ts";
export { view } from "./fakes/fake-view.ts";
export type { LogLine } from "./kept-lines.ts";
export type { CreateWorker } from "./member.ts";
export type { OutputRecord } from "./outputs.ts";
export type { PushOptions, RawRecord } from "./push.ts";
export type { TableReader } from "./table-reader.ts";
