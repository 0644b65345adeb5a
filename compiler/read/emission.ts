import { Node, SyntaxKind, type TypeNode } from "ts-morph";
import {
  emissionNotWritten,
  returnNotTo,
  severalEmissions,
  streamEmission,
} from "../diagnostics/agents.ts";
import type { EmissionModel, TopicModel } from "../model/topology.ts";
import { isAwaited } from "./ask.ts";
import type { Candidate } from "./candidates.ts";
import type { Reading } from "./reading.ts";
import { noBindings, type Resolved, resolve, type Written } from "./resolve.ts";
import { tellApart } from "./several-emissions.ts";
import { readTopic } from "./topic.ts";
import { webMethodOf } from "./web.ts";

export interface ReadReturn {
  readonly emits: EmissionModel | undefined;
  /** Whether the function gives a promise or an async generator. */
  readonly async: boolean;
}

/** What was found on the way into a return type. */
interface Found {
  readonly shapes: ReadonlySet<"optional" | "many" | "async-many" | "promise">;
  readonly to: Written | undefined;
  readonly node: TypeNode;
  readonly isNothing: boolean;
}

/** What a function's return type emits, and whether the function is to be awaited. */
export function readReturn(reading: Reading, candidate: Candidate): ReadReturn {
  const { fn, trigger } = candidate;
  // What answers a question or a request is nothing that is sent on.
  if (trigger.name === "Ask") return { emits: undefined, async: isAwaited(reading, candidate) };
  if (webMethodOf(trigger.name) !== undefined) return { emits: undefined, async: fn.isAsync() };
  return readEmission(reading, candidate);
}

function readEmission(reading: Reading, candidate: Candidate): ReadReturn {
  const { fn, name, trigger } = candidate;
  const node = fn.getReturnTypeNode();
  if (node === undefined) return readInferred(reading, candidate);
  const found = walk(reading, { node, bound: noBindings }, new Set());
  const async =
    fn.isAsync() || found.some(({ shapes }) => shapes.has("promise") || shapes.has("async-many"));
  const emissions = found.filter((one) => one.to !== undefined);
  const wrong = found.find((one) => one.to === undefined && !one.isNothing);
  const [first] = emissions;
  if (wrong !== undefined) {
    reading.report(returnNotTo(name, wrong.node.getText(), reading.place(wrong.node)));
    return { emits: undefined, async };
  }
  if (first?.to === undefined) return { emits: undefined, async };
  const isMany = first.shapes.has("many") || first.shapes.has("async-many");
  const isOptional = found.some((one) => one.isNothing);
  if (isMany && isOptional) {
    reading.report(returnNotTo(name, node.getText(), reading.place(node)));
    return { emits: undefined, async };
  }
  if (trigger.name === "Stream" && !first.shapes.has("async-many")) {
    reading.report(streamEmission(name, reading.place(node)));
  }
  const topics = readTargets(reading, emissions, name);
  const [topic] = topics;
  if (topic === undefined) return { emits: undefined, async };
  const shape = isMany ? manyShape(first) : isOptional ? "optional" : "one";
  const span = reading.place(node);
  const several = tellApart(reading, topics, { agent: name, span });
  return { emits: { topic: topic.name, ...several, shape, span }, async };
}

/** The topics of all `To`s in a return type, each once; none after a report. */
function readTargets(
  reading: Reading,
  emissions: readonly Found[],
  agent: string,
): readonly TopicModel[] {
  const formOf = ({ shapes }: Found) => [...shapes].sort().join();
  const odd = emissions.find((one) => formOf(one) !== formOf(emissions[0] ?? one));
  if (odd !== undefined) {
    reading.report(severalEmissions(agent, "in different forms", reading.place(odd.node)));
    return [];
  }
  const topics = emissions.map(({ to }) => to && readTopic(reading, to, "To"));
  if (topics.includes(undefined)) return [];
  return [...new Set(topics.flatMap((topic) => topic ?? []))];
}

const manyShape = (found: Found): "many" | "async-many" =>
  found.shapes.has("async-many") ? "async-many" : "many";

const arrays =
  /^(?:(?:Readonly)?Array|Iterable|Iterator|IterableIterator|Generator|IteratorObject)$/;
const asyncArrays = /^Async(?:Iterable|Iterator|IterableIterator|Generator|IteratorObject)$/;

function walk(
  reading: Reading,
  written: Written,
  shapes: Found["shapes"],
  within: readonly Node[] = [],
): readonly Found[] {
  const type = resolve(reading, written);
  const { node, bound } = type;
  const inside = [...within, node];
  const nothing: Found = { shapes, to: undefined, node: written.node, isNothing: true };
  if (type.kind === "unresolved" || within.includes(node)) return [nothing];
  const inner = innerOf(type);
  if (inner !== undefined) {
    return walk(reading, inner.written, new Set([...shapes, inner.shape]), inside);
  }
  if (type.kind === "library" && type.name === "To") {
    return [{ shapes, to: type.arguments[0], node: written.node, isNothing: false }];
  }
  if (Node.isUnionTypeNode(node)) {
    return node
      .getTypeNodes()
      .flatMap((part) => walk(reading, { node: part, bound }, shapes, inside));
  }
  if (nothingKinds.has(node.getKind())) return [nothing];
  return [{ ...nothing, isNothing: false }];
}

const nothingKinds: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.VoidKeyword,
  SyntaxKind.UndefinedKeyword,
  SyntaxKind.NeverKeyword,
]);

/** What a promise, an array or a generator holds. */
function innerOf(
  type: Resolved,
): { readonly written: Written; readonly shape: "promise" | "many" | "async-many" } | undefined {
  const { node, bound } = type;
  if (Node.isArrayTypeNode(node)) {
    return { written: { node: node.getElementTypeNode(), bound }, shape: "many" };
  }
  if (Node.isTypeOperatorTypeNode(node) && Node.isArrayTypeNode(node.getTypeNode())) {
    return innerOf({ ...type, node: node.getTypeNode() });
  }
  const [written] = type.kind === "global" ? type.arguments : [];
  if (type.kind !== "global" || written === undefined) return undefined;
  if (/^Promise(?:Like)?$/.test(type.name)) return { written, shape: "promise" };
  if (arrays.test(type.name)) return { written, shape: "many" };
  return asyncArrays.test(type.name) ? { written, shape: "async-many" } : undefined;
}

/** Without a written type nothing is emitted, so a value that is returned would be lost. */
function readInferred(reading: Reading, { fn, name, nameNode }: Candidate): ReadReturn {
  const type = fn.getReturnType();
  const isPromise = type.getSymbol()?.getName() === "Promise";
  const value = isPromise ? type.getTypeArguments()[0] : type;
  const parts = value === undefined ? [] : value.isUnion() ? value.getUnionTypes() : [value];
  const isNothing = parts.every((part) => part.isVoid() || part.isUndefined() || part.isNever());
  if (!isNothing) reading.report(emissionNotWritten(name, reading.place(nameNode)));
  return { emits: undefined, async: fn.isAsync() || isPromise };
}
