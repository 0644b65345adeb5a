/** Defaults that TypeScript writes as texts, and Avro as numbers or bytes. */

const dayMs = 86_400_000;

/** "2026-11-21" as days since the epoch. */
export function daysOf(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const ms = match === null ? Number.NaN : Date.parse(`${text}T00:00:00Z`);
  // `Date.parse` carries the 30th of February over into March.
  const isReal = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
  return isReal ? ms / dayMs : undefined;
}

/** "2026-11-21T09:30:00.000" as milliseconds since the epoch of the place it is about. */
export function millisOf(text: string): number | undefined {
  const micros = microsOf(text);
  return micros === undefined || micros % 1000 !== 0 ? undefined : micros / 1000;
}

export function microsOf(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/.exec(
    text,
  );
  const [, day = "", hours, minutes, seconds, fraction = ""] = match ?? [];
  const days = daysOf(day);
  if (days === undefined) return undefined;
  const inDay = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const micros = (days * 86_400 + inDay) * 1_000_000 + Number(fraction.padEnd(6, "0"));
  return Number.isSafeInteger(micros) ? micros : undefined;
}

/** "12.30" as the big-endian bytes of its unscaled number, each a code point. */
export function unscaledBytes(
  text: string,
  type: { readonly precision: number; readonly scale: number },
): string | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const [, sign = "", whole = "", fraction = ""] = match ?? [];
  if (match === null || fraction.length > type.scale) return undefined;
  const digits = (whole + fraction.padEnd(type.scale, "0")).replace(/^0+/, "");
  if (digits.length > type.precision) return undefined;
  return twosComplement(BigInt(`${sign}${digits === "" ? "0" : digits}`));
}

function twosComplement(value: bigint): string {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  const bytes: number[] = [];
  for (let index = length - 1; index >= 0; index--) {
    bytes.push(Number((value >> BigInt(index * 8)) & 255n));
  }
  return String.fromCharCode(...bytes);
}
