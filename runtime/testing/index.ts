/** What a user's tests import from "@streamgen/runtime/testing". */

export type { Span } from "../span.ts";
export { Driver, type DriverOptions, openDriver } from "./driver.ts";
export { batch } from "./fakes/fake-batch.ts";
export { client, FakeClient } from "./fakes/fake-client.ts";
export { closed } from "./fakes/fake-closed.ts";
export { type ContextParts, context, type FakeContext } from "./fakes/fake-context.ts";
export {
  event,
  type FakeEvent,
  type Outcome,
  type Place,
  type PlaceIn,
} from "./fakes/fake-event.ts";
export { FakeOneWindow, oneWindow } from "./fakes/fake-one-window.ts";
export { type AnyRequest, type FakeRequest, request } from "./fakes/fake-request.ts";
export { FakeSetTable, setTable } from "./fakes/fake-set-table.ts";
export { FakeKeyedSink, FakeSink, keyedSink, type Sent, sink } from "./fakes/fake-sink.ts";
export { type FakeStream, stream } from "./fakes/fake-stream.ts";
export { FakeTable, type TableArguments, table } from "./fakes/fake-table.ts";
export { view } from "./fakes/fake-view.ts";
export { type FakeWindows, windows } from "./fakes/fake-windows.ts";
export type { LogLine } from "./kept-lines.ts";
export type { CreateWorker } from "./member.ts";
export type { OutputRecord } from "./outputs.ts";
export type { PushOptions, RawRecord } from "./push.ts";
export type { Answer, RequestOptions } from "./requests.ts";
export type { SetReader } from "./set-reader.ts";
export type { TableReader } from "./table-reader.ts";
export type { WindowReader } from "./window-reader.ts";
