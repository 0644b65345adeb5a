import type { Span } from "./span.ts";
import type { TypeModel } from "./type.ts";

/** A topic that lives in the worker. */
export interface ChannelModel {
  readonly name: string;
  /** The type alias, `Jobs`. Generated: `jobsChannel`. */
  readonly alias: string;
  readonly doc?: string;
  readonly value: TypeModel;
  readonly span: Span;
}

/** Runs for each value that is sent to a channel. */
export interface ChannelTriggerModel {
  readonly kind: "channel";
  readonly channel: string;
}

/** A parameter that sends to a channel. */
export interface ChannelSinkModel {
  readonly kind: "channel";
  readonly parameter: string;
  readonly channel: string;
  readonly span: Span;
}
