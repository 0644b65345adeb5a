import type { BodyModel, TableAccessModel } from "../../model/topology.ts";
import { type AgentFunction, analyseBody, type BodyQuestion, type StreamKey } from "./body.ts";

/** What is known of a join's function before its body is looked at. */
export interface PairQuestion extends Omit<BodyQuestion, "trigger" | "key"> {
  /** What the key of the pair is, as a field of each side. */
  readonly keys: { readonly left: StreamKey; readonly right: StreamKey };
}

/**
 * The same for a function that gets pairs: its body is run once for each side, with nothing known of
 * the other. What either run proves of a key is proved.
 */
export function analysePair(fn: AgentFunction, { keys, ...question }: PairQuestion): BodyModel {
  const left = analyseBody(fn, { ...question, trigger: "left", key: keys.left });
  const right = analyseBody(fn, { ...question, trigger: "right", key: keys.right });
  const both = { left: left.reads, right: right.reads };
  const isAll = left.reads === "all" || right.reads === "all";
  const because = left.readsBecause ?? right.readsBecause;
  const changes = left.changesBecause ?? right.changesBecause;
  return {
    reads: isAll ? "all" : [...new Set([...left.reads, ...right.reads])].sort(),
    pair: both,
    ...(because !== undefined && { readsBecause: because }),
    ...(changes !== undefined && { changesBecause: changes }),
    accesses: left.accesses.map((access, index) => either(access, right.accesses[index])),
  };
}

/** Another field of one side may well be the same as the other's: only a key that is proved counts. */
function either(one: TableAccessModel, other: TableAccessModel | undefined): TableAccessModel {
  const isSame = other?.span.start === one.span.start && other.method === one.method;
  const known = [one.key, ...(isSame ? [other.key] : [])];
  const certain = known.find(
    ({ kind }) => kind === "proved" || kind === "scan" || kind === "constant",
  );
  return { ...one, key: certain ?? { kind: "unknown" } };
}
