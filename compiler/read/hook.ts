import { Node } from "ts-morph";
import { optionNotLiteral, unknownChoice } from "../diagnostics/topology.ts";
import type { WorkerEventName } from "../model/topology.ts";
import type { Candidate } from "./candidates.ts";
import { policyOf } from "./error-policy.ts";
import { readLiteral } from "./literal.ts";
import { noOptions, readOptions } from "./options.ts";
import type { Reading } from "./reading.ts";
import { resolve, type Written } from "./resolve.ts";
import type { ReadTrigger } from "./trigger.ts";

const eventNames: readonly WorkerEventName[] = ["assigned", "revoked", "recovered", "stopping"];

/** `On<"assigned" | "revoked", options>`. `undefined` after a report. */
export function readHook(
  reading: Reading,
  {
    name: agent,
    trigger: {
      arguments: [event, last],
      node,
    },
  }: Candidate,
): ReadTrigger | undefined {
  const options = readOptions(reading, last, { allowed: ["onError"], of: "On" }) ?? noOptions;
  const failing = { agent, sources: [], what: "what happens to a worker" };
  const onError = policyOf(reading, options, failing);
  const events = event === undefined ? undefined : readEvents(reading, event);
  if (events === undefined) return undefined;
  if (events.length > 0) return { model: { kind: "on", events }, onError };
  reading.report(optionNotLiteral("On", "the name of an event", reading.place(node)));
  return undefined;
}

function readEvents(reading: Reading, written: Written): readonly WorkerEventName[] | undefined {
  const { node, bound } = resolve(reading, written);
  if (Node.isUnionTypeNode(node)) {
    const parts = node.getTypeNodes().map((part) => readEvents(reading, { node: part, bound }));
    return parts.every((part) => part !== undefined) ? [...new Set(parts.flat())] : undefined;
  }
  const literal = readLiteral(reading, written);
  const span = reading.place(written.node);
  if (literal?.kind !== "text") {
    reading.report(optionNotLiteral("On", "the name of an event", span));
    return undefined;
  }
  const known = eventNames.find((name) => name === literal.value);
  if (known !== undefined) return [known];
  reading.report(unknownChoice({ option: "On", text: literal.value, choices: eventNames }, span));
  return undefined;
}
