import type { Node } from "ts-morph";
import { callBack, loseArguments } from "./arguments.ts";
import type { Frame } from "./frame.ts";
import { holderOf } from "./holder.ts";
import { lose } from "./loss.ts";
import { contents } from "./member.ts";
import type { MethodCall } from "./method-call.ts";
import {
  isFixed,
  join,
  only,
  other,
  type PartPlace,
  perhaps,
  type Value,
  within,
} from "./place.ts";
import { quote, reasonFor } from "./reasons.ts";
import { isOpaque } from "./shape.ts";
import type { Walk } from "./walk.ts";

/** What an array's method does with the result of its callback. */
type Callback = "drops" | "holds" | "uses";

const withCallback: ReadonlyMap<string, Callback> = new Map([
  ["every", "drops"],
  ["filter", "drops"],
  ["find", "drops"],
  ["findIndex", "drops"],
  ["findLast", "drops"],
  ["findLastIndex", "drops"],
  ["flatMap", "holds"],
  ["forEach", "drops"],
  ["map", "holds"],
  ["reduce", "uses"],
  ["reduceRight", "uses"],
  ["some", "drops"],
  ["toSorted", "uses"],
]);

/** Methods of arrays and maps that change nothing and take no callback. */
const readers: ReadonlySet<string> = new Set([
  "at",
  "concat",
  "entries",
  "flat",
  "get",
  "has",
  "includes",
  "indexOf",
  "join",
  "keys",
  "lastIndexOf",
  "slice",
  "values",
  "with",
]);

/** A method of a part of the value. What it gives may hold, or be, whatever the part holds. */
export function partCall(walk: Walk, call: MethodCall<PartPlace>, frame: Frame): Value {
  const { place, name = "", node } = call;
  const args = node.getArguments();
  if (isFixed(place)) return loseArguments(walk, args, frame);
  const callback = withCallback.get(name);
  if (callback === undefined && !readers.has(name) && !isConversion(name)) {
    walk.findings.change(place, reasonFor(node, `${quote(node)} may change it`));
    return loseArguments(walk, args, frame);
  }
  const found = foundBy(place, name);
  if (callback === undefined) return join(found, loseArguments(walk, args, frame));
  const [first, ...rest] = args;
  loseArguments(walk, rest, frame);
  return first === undefined ? found : join(found, called(walk, place, first, callback, frame));
}

/** What a method gives that changes nothing. */
function foundBy(place: PartPlace, name: string): Value {
  // `valueOf` gives an array itself, and a slice of bytes may share their memory.
  const isShared = name === "valueOf" || (readers.has(name) && isOpaque(place.shape));
  const holdsNothing = !isShared && contents(place).places.length === 0;
  return holdsNothing ? other : perhaps(only(within(place)));
}

function called(walk: Walk, place: PartPlace, arg: Node, callback: Callback, frame: Frame): Value {
  const held = contents(place);
  // Elements come first, and the array itself last: in the third place, or of `reduce` the fourth.
  const whole = perhaps(only(place));
  const result = callBack(walk, arg, [held, held, whole, whole], frame);
  if (result === undefined) return lose(walk, whole, arg, `${quote(arg)} is not known`);
  if (callback === "holds") return holderOf(walk, [result], arg);
  return callback === "uses" ? lose(walk, result, arg) : other;
}

/** `getTime`, `toISOString`, `valueOf`: but not `getOrInsert`, which maps have. */
function isConversion(name: string): boolean {
  return /^(get(?!Or)|to|value)[A-Z]/.test(name);
}
