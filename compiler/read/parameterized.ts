import { badDecimal, badFixed } from "../diagnostics/values.ts";
import type { TypeModel } from "../model/type.ts";
import { readLiteral } from "./literal.ts";
import { claim, fullName } from "./named.ts";
import type { Reading } from "./reading.ts";
import type { Resolved, Written } from "./resolve.ts";
import type { Where } from "./where.ts";

/** More digits than any ledger has; a bound for what codecs must hold. */
const precisionMax = 1000;
const fixedSizeMax = 1 << 20;

export function readDecimal(
  reading: Reading,
  type: Resolved & { kind: "library" },
  where: Where,
): TypeModel | undefined {
  const [first, second] = type.arguments;
  const precision = wholeNumber(reading, first);
  const scale = second === undefined ? 0 : wholeNumber(reading, second);
  const isGood =
    precision !== undefined &&
    scale !== undefined &&
    precision >= 1 &&
    precision <= precisionMax &&
    scale >= 0 &&
    scale <= precision;
  if (isGood) return { kind: "decimal", precision, scale };
  reading.report(badDecimal(type.node.getText(), where.subject, reading.place(type.node)));
  return undefined;
}

export function readFixed(
  reading: Reading,
  type: Resolved & { kind: "library" },
  where: Where,
): TypeModel | undefined {
  const size = wholeNumber(reading, type.arguments[0]);
  const span = reading.place(type.node);
  if (size === undefined || size < 1 || size > fixedSizeMax) {
    reading.report(badFixed(type.node.getText(), where.subject, span));
    return undefined;
  }
  const alias = type.aliases.at(-1)?.declaration;
  const namespace = alias === undefined ? where.namespace : reading.options.namespace;
  const name = fullName(namespace, alias?.getName() ?? where.fixedName);
  const claimed = claim(reading, name, { identity: `fixed ${size}`, span });
  if (claimed === "taken") return undefined;
  reading.named.fixed.set(name, { name, size, span });
  return { kind: "fixed", name };
}

function wholeNumber(reading: Reading, written: Written | undefined): number | undefined {
  const literal = written && readLiteral(reading, written);
  return literal?.kind === "number" && Number.isSafeInteger(literal.value)
    ? literal.value
    : undefined;
}
