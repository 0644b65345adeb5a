/** SG3553 to SG3558: topics that live in the worker. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3553: a channel where only a topic of the log can be. */
export const channelHere = (user: string, text: string, span: Span): Diagnostic =>
  error({
    code: "SG3553",
    span,
    message: `${user} takes a topic of the log, and ${text} is a channel, whose values have no key and no offset and wait for nobody`,
    fix: "read it with Each and send to it with a Sink, or make it a Topic",
  });

/** SG3554: two channels with one name. */
export const channelTwice = (name: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG3554",
    span,
    message: `there is another channel "${name}"`,
    related: [{ message: "it is declared here", span: first }],
    fix: "give one of them another name, or use one declaration for both",
  });

/** SG3555: a sender that runs in no task. `where`: when it runs. */
export const channelOutsideTasks = (
  sender: { readonly agent: string; readonly where: string; readonly parameter: string },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3555",
    span,
    message: `agent "${sender.agent}" runs ${sender.where}, outside of any task, so nobody would handle what it sends to the channel "${sender.parameter}"`,
    fix: "send to a topic instead, which the same functions can read",
  });

/** SG3558: senders that share no task. */
export const channelBetweenGroups = (
  channel: string,
  senders: readonly [string, string],
  span: Span,
): Diagnostic =>
  error({
    code: "SG3558",
    span,
    message: `the channel "${channel}" is sent to by "${senders[0]}" and "${senders[1]}", which have consumer groups of their own and so no tasks together`,
    fix: "declare a channel for each of them, or let both have the same group",
  });

/** SG3556: a channel that leads nowhere. */
export const channelUnread = (channel: string, agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3556",
    span,
    message: `agent "${agent}" sends to the channel "${channel}", and no function gets its values`,
    fix: "write a function of Each with this channel, or leave out the Sink",
  });

/** SG3557: a function that nothing calls. */
export const channelUnsent = (channel: string, agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3557",
    span,
    message: `agent "${agent}" gets the values of the channel "${channel}", and no function sends any`,
    fix: "send some through a Sink of this channel, or leave out the function",
  });
