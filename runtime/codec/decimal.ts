/**
 * Decimals: text such as "12.30" in TypeScript; in Avro the unscaled whole number as two's complement
 * bytes, highest first. What is read always has `scale` digits behind the point.
 */
import { failLength, failRange, failValue } from "./fail.ts";
import type { Reader } from "./reader.ts";

/** The text of a decimal whose bytes were just read; `at` is where it starts, for errors. */
export function decimalText(
  reader: Reader,
  at: number,
  bytes: Buffer,
  precision: number,
  scale: number,
): `${number}` {
  // Each byte holds more than two digits, so this bounds the work; one byte more than needed is sign.
  if (bytes.length > precision) failLength(reader, at, `a decimal of ${precision} digits`);
  const unscaled = bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, hexValue(bytes));
  const size = unscaled < 0n ? -unscaled : unscaled;
  if (size.toString().length > precision) {
    failRange(reader, at, `a decimal of ${precision} digits`);
  }
  return formatDecimal(unscaled, scale);
}

/** The one text of a decimal: `scale` digits behind the point. */
export function formatDecimal(unscaled: bigint, scale: number): `${number}` {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  const sign = unscaled < 0n ? "-" : "";
  const text = sign + digits.slice(0, point) + (scale > 0 ? `.${digits.slice(point)}` : "");
  // Digits, a sign and a point: the form of a number, which a template type cannot be computed for.
  return text as `${number}`;
}

function hexValue(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`);
}

const decimalForm = /^(-?)(\d+)(?:\.(\d+))?$/;

/** The unscaled number. Throws SG5010 for other text, and for digits that would be lost. */
export function decimalUnscaled(text: string, precision: number, scale: number): bigint {
  const match = typeof text === "string" && text.length <= 2000 ? decimalForm.exec(text) : null;
  if (match === null) failValue(text, 'a decimal such as "12.30"');
  const [, sign = "", whole = "", fraction = ""] = match;
  const lost = fraction.slice(scale);
  if (/[1-9]/.test(lost)) failValue(text, `a decimal with at most ${scale} digits after the point`);
  const size = BigInt(whole + fraction.slice(0, scale).padEnd(scale, "0"));
  if (size.toString().length > precision) {
    failValue(text, `a decimal of at most ${precision} digits, ${scale} of them after the point`);
  }
  return sign === "-" ? -size : size;
}

/** The shortest two's complement bytes, highest first: what Java writes. */
export function decimalBytes(unscaled: bigint): Uint8Array {
  let size = 1;
  while (BigInt.asIntN(size * 8, unscaled) !== unscaled) size += 1;
  const hex = BigInt.asUintN(size * 8, unscaled).toString(16);
  return Buffer.from(hex.padStart(size * 2, "0"), "hex");
}
