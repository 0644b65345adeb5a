import type { TableAccessModel } from "../../model/topology.ts";
import type { Access, Findings } from "./findings.ts";
import { functionAround } from "./frame.ts";
import { certainly, type PartPlace } from "./place.ts";
import type { AgentFunction, StreamKey } from "./question.ts";

type KeyAnswer = TableAccessModel["key"];

const unknown: KeyAnswer = { kind: "unknown" };
const proved: KeyAnswer = { kind: "proved" };

/** What the key of an access in `fn` or its helpers is, once all that the body does is known. */
export function keyOf(
  access: Access,
  fn: AgentFunction,
  key: StreamKey,
  findings: Findings,
): KeyAnswer {
  if (access.key === "scan") return { kind: "scan" };
  if (isOpen(access, fn, findings)) return unknown;
  const place = certainly(access.key);
  switch (place?.kind) {
    case "constant":
      return { kind: "constant" };
    case "derived":
      return findings.changes.some((change) => change.of === "value") ? unknown : proved;
    case "part":
      return keyOfPart(place, key, findings);
    default:
      return unknown;
  }
}

/** Whether something unknown, which has the table, may run this access with another key. */
function isOpen(access: Access, fn: AgentFunction, findings: Findings): boolean {
  const isLost = findings.accesses.some(
    ({ table, method }) => table === access.table && method === "?",
  );
  return isLost && functionAround(access.node) !== fn;
}

function keyOfPart(part: PartPlace, key: StreamKey, findings: Findings): KeyAnswer {
  if (part.within || mayChange(part, findings)) return unknown;
  if (part.of === "key") return part.path.length === 0 ? proved : unknown;
  const field = part.path.join(".");
  if (part.path.length === 0 || part.path.includes("[]") || key.kind !== "field") return unknown;
  return part.path.length === 1 && field === key.field ? proved : { kind: "field", field };
}

/** Whether a part may be changed: itself, or something that it is in or that is in it. */
function mayChange(part: PartPlace, findings: Findings): boolean {
  return findings.changes.some(
    ({ of, path }) =>
      of === part.of &&
      path.slice(0, part.path.length).every((name, depth) => part.path[depth] === name),
  );
}
