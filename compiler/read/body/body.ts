import type {
  BodyModel,
  ReasonModel,
  ResourceModel,
  TableAccessModel,
} from "../../model/topology.ts";
import { functionOf } from "./callee.ts";
import type { Findings, Reason } from "./findings.ts";
import { Frame, type FunctionNode } from "./frame.ts";
import { keyOf } from "./key.ts";
import { keyType, valueType } from "./parameter.ts";
import { isWhole, only, other, type PartPlace, type Value } from "./place.ts";
import { isPure } from "./pure.ts";
import type { AgentFunction, BodyQuestion, StreamKey } from "./question.ts";
import { isPrimitive, type Shape, shapeOf } from "./shape.ts";
import { Walker } from "./walker.ts";

export type { AgentFunction, BodyQuestion, StreamKey } from "./question.ts";

/**
 * What can be concluded from a function's body: which fields of its value it reads, by which keys
 * it uses its tables, and whether the value may be changed.
 *
 * The method is to run the body on places instead of values. `walker.ts` looks at every node once
 * for each call of the function that it is in, and works out which places (`place.ts`) it may be:
 * the value, a part of it, a table, or something else. A variable is everything that is ever put
 * into it (`frame.ts`); a helper whose body is at hand is walked with what each call passes
 * (`run.ts`).
 *
 * Why that is sound: a place can only get from one node to another through the node around both.
 * That node's kind either has a rule, which says what becomes of it, or it has none, and then the
 * place is lost (`loss.ts`): everything that can be reached from it counts as read and changed, and
 * a table as used with any key. So what is not recognised costs speed, and nothing else. What has
 * to be certain, the key of an access, is claimed only of an expression that is one place and
 * nothing else, and only when no walk found that this place may be changed (`key.ts`).
 *
 * It is taken for granted that values are plain decoded data, without accessors; that the
 * platform's and the runtime's own functions are what they are declared to be, and nobody has put
 * others in their place; and that the runtime encodes at once what it is given, and keeps nothing.
 */
export function analyseBody(fn: AgentFunction, question: BodyQuestion): BodyModel {
  const [first, ...rest] = fn.getParameters();
  if (first === undefined) return { reads: [], accesses: [] };
  const walker = new Walker({
    value: whole("value", shapeOf(valueType(first, question.trigger))),
    key: whole("key", shapeOf(keyType(first, question.trigger))),
    keyFunction: keyFunction(question.key),
  });
  const frame = new Frame(fn, undefined, true);
  const resources = rest.map((_, index) => resourceValue(question.resources[index]));
  walker.start(frame, [firstValue(walker, question), ...resources]);
  return bodyModel(fn, walker.findings, frame.returns, question);
}

function whole(of: "value" | "key", shape: Shape): PartPlace {
  return { kind: "part", of, path: [], within: false, shape };
}

function firstValue(walker: Walker, question: BodyQuestion): Value {
  switch (question.trigger) {
    case "value":
      return only(walker.value);
    case "event":
      return only({ kind: "event" });
    case "stream":
      return only({ kind: "flow", of: only(walker.value) });
    case "batch":
      return only({ kind: "list", of: only(walker.value) });
    case "events":
      return only({ kind: "list", of: only({ kind: "event" }) });
    case "left":
      return only({ kind: "tuple", items: [only(walker.value), other] });
    case "right":
      return only({ kind: "tuple", items: [other, only(walker.value)] });
    case "other":
      return other;
  }
}

function resourceValue(resource: ResourceModel | undefined): Value {
  switch (resource?.kind) {
    case "table":
    case "lookup":
    case "global":
      return only({ kind: "table", table: resource.table });
    case "view":
    case "sink":
    case "context":
      return only({ kind: "library", is: resource.kind });
    case "channel":
      return only({ kind: "library", is: "sink" });
    default:
      return other;
  }
}

function keyFunction(key: StreamKey): FunctionNode | undefined {
  const fn = key.kind === "function" ? functionOf(key.declaration) : undefined;
  if (fn === undefined || !isPrimitive(shapeOf(fn.getReturnType()))) return undefined;
  return isPure(fn) ? fn : undefined;
}

function bodyModel(
  fn: AgentFunction,
  findings: Findings,
  returns: Value,
  question: BodyQuestion,
): BodyModel {
  const { whole: everything, changes, gaveUp } = findings;
  // A stream's values are many; one that is given back need not be the one that came last.
  const isOneValue = question.trigger === "value" || question.trigger === "event";
  const isRead = question.trigger !== "other";
  const changed = gaveUp ?? changes.find((change) => change.of === "value")?.reason;
  return {
    reads: isRead && everything !== undefined ? "all" : findings.reads,
    ...(isRead && everything !== undefined && { readsBecause: reason(everything, question) }),
    ...(isRead && changed !== undefined && { changesBecause: reason(changed, question) }),
    ...(isOneValue && changed === undefined && isInput(returns) && { returnsInput: true as const }),
    accesses: accesses(fn, findings, question),
  };
}

function reason({ text, node }: Reason, question: BodyQuestion): ReasonModel {
  return { text, span: question.spanOf(node) };
}

/** Whether what is emitted is the value each time that it is anything. */
function isInput({ places, other }: Value): boolean {
  const isValue = places.map((place) => isWhole(place) && place.kind === "part" && !place.within);
  return (
    !other &&
    isValue.includes(true) &&
    places.every((place, index) => isValue[index] || place.kind === "nothing")
  );
}

function accesses(
  fn: AgentFunction,
  findings: Findings,
  question: BodyQuestion,
): readonly TableAccessModel[] {
  const { gaveUp } = findings;
  if (gaveUp !== undefined) {
    return question.resources.flatMap((resource): readonly TableAccessModel[] =>
      resource.kind === "table" || resource.kind === "lookup" || resource.kind === "global"
        ? [{ table: resource.table, method: "?", key: { kind: "unknown" }, span: resource.span }]
        : [],
    );
  }
  return findings.accesses.map((access) => ({
    table: access.table,
    method: access.method,
    key: keyOf(access, fn, question.key, findings),
    span: question.spanOf(access.node),
  }));
}
