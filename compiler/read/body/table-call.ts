import type { Node } from "ts-morph";
import { callBack, loseArguments, showArguments } from "./arguments.ts";
import type { Frame } from "./frame.ts";
import { lose, show } from "./loss.ts";
import type { MethodCall, PlaceOf } from "./method-call.ts";
import { join, only, other, perhaps, type Value } from "./place.ts";
import type { Walk } from "./walk.ts";

const keyed: ReadonlySet<string> = new Set([
  "get",
  "getOr",
  "has",
  "set",
  "delete",
  "update",
  "take",
  // Of a table of sets.
  "add",
  "elements",
  "size",
  "windows",
]);
/** Methods of windowed tables that give the same table at another time. */
const otherTimes: ReadonlySet<string> = new Set(["at", "ago", "now", "current"]);
const scans: ReadonlySet<string> = new Set([
  "keys",
  "values",
  "entries",
  "range",
  "prefix",
  "by",
  "clear",
]);

/** Methods that encode what they are given beside the key, and keep nothing of it. */
const encodes: ReadonlySet<string> = new Set(["set", "add", "has", "delete"]);

/** A method of a table. Rows and keys are encoded before it returns, so that it keeps nothing. */
export function tableCall(
  walk: Walk,
  { place, name = "?", node }: MethodCall<PlaceOf<"table">>,
  frame: Frame,
): Value {
  const { table } = place;
  const args = node.getArguments();
  if (otherTimes.has(name)) {
    showArguments(walk, args, frame);
    return only(place);
  }
  // A table of sets clears one key.
  const isKeyed = keyed.has(name) || (name === "clear" && args.length > 0);
  if (scans.has(name) && !isKeyed) {
    walk.findings.access({ table, method: name, key: "scan", node });
    return showArguments(walk, args, frame);
  }
  const [keyNode, ...rest] = args;
  if (!isKeyed || keyNode === undefined) {
    walk.findings.access({ table, method: isKeyed ? name : "?", key: other, node });
    return loseArguments(walk, args, frame);
  }
  const key = walk.evaluate(keyNode, frame);
  show(walk, key, keyNode);
  walk.findings.access({ table, method: name, key, node });
  return join(other, ...rest.map((arg) => rowGiven(walk, name, arg, frame)));
}

function rowGiven(walk: Walk, method: string, arg: Node, frame: Frame): Value {
  if (method === "update") {
    // The row that the callback makes is written, and given back as it is.
    const row = callBack(walk, arg, [other], frame);
    if (row === undefined) return other;
    show(walk, row, arg);
    return perhaps(row);
  }
  const value = walk.evaluate(arg, frame);
  if (method === "getOr") return perhaps(value);
  return encodes.has(method) ? show(walk, value, arg) : lose(walk, value, arg);
}
