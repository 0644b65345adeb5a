import { channelTwice } from "../diagnostics/channels.ts";
import { nameNotLiteral } from "../diagnostics/topology.ts";
import type { ChannelModel } from "../model/channel.ts";
import type { Candidate } from "./candidates.ts";
import { policyOf } from "./error-policy.ts";
import { readLiteral } from "./literal.ts";
import { noOptions, readOptions } from "./options.ts";
import type { Reading } from "./reading.ts";
import { type Resolved, resolveQuietly, type Written } from "./resolve.ts";
import { aliasOf } from "./topic.ts";
import { checkTopicName } from "./topic-name.ts";
import type { ReadTrigger } from "./trigger.ts";
import { inline } from "./where.ts";

/** The channel that a type names; `undefined` where it names something else. */
export function channelIn(
  reading: Reading,
  written: Written | undefined,
): (Resolved & { kind: "library" }) | undefined {
  const type = written && resolveQuietly(reading, written);
  return type?.kind === "library" && type.name === "Channel" ? type : undefined;
}

/** `Each<Channel, options>`. `undefined` after a report. */
export function readChannelTrigger(
  reading: Reading,
  { name: agent, trigger }: Candidate,
  type: Resolved & { kind: "library" },
): ReadTrigger | undefined {
  const allowed = ["onError"];
  const of = "Each of a channel";
  const options = readOptions(reading, trigger.arguments[1], { allowed, of }) ?? noOptions;
  const onError = policyOf(reading, options, { agent, sources: [], what: "a channel's value" });
  const channel = readChannel(reading, type);
  return channel && { model: { kind: "channel", channel: channel.name }, onError };
}

/** Reads a channel, and remembers it. `undefined` after a report. */
export function readChannel(
  reading: Reading,
  type: Resolved & { kind: "library" },
): ChannelModel | undefined {
  const [first, second] = type.arguments;
  const literal = first && readLiteral(reading, first);
  if (first === undefined || second === undefined) return undefined;
  if (literal?.kind !== "text") {
    reading.report(nameNotLiteral("channel", reading.place(first.node)));
    return undefined;
  }
  const name = literal.value;
  const span = reading.place(first.node);
  const known = reading.channels.get(name);
  if (known !== undefined) {
    if (known.span.file === span.file && known.span.start === span.start) return known;
    reading.report(channelTwice(name, span, known.span));
    return undefined;
  }
  checkTopicName(reading, name, first.node);
  const { alias, doc } = aliasOf(type, name);
  const value = reading.readType(reading, second, {
    name: `${alias}Value`,
    fixedName: `${name}_value`,
    subject: `channel "${name}"`,
    namespace: reading.options.namespace,
    declaration: inline,
    optional: false,
    within: [],
  });
  if (value === undefined) return undefined;
  const model = { name, alias, ...(doc !== undefined && { doc }), value, span };
  reading.channels.set(name, model);
  return model;
}
