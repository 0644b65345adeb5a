/** Dates and times as text, and the limits of their numbers. All in UTC, or without any zone. */

/** A `Date` reaches this many milliseconds to both sides of the epoch. */
export const timestampMax = 8_640_000_000_000_000;
export const timeMillisMax = 86_400_000;
export const timeMicrosMax = 86_400_000_000n;

const dayMillis = 86_400_000;
/** Milliseconds of 0000-01-01 and of 10000-01-01: years of four digits lie between. */
const textMillisMin = -62_167_219_200_000;
const textMillisEnd = 253_402_300_800_000;

/** `2026-11-21` from days since the epoch; `undefined` outside the years 0 to 9999. */
export function localDateText(days: number): `${number}-${number}-${number}` | undefined {
  const text = millisText(days * dayMillis)?.slice(0, 10);
  // The form follows from ISO 8601 and the range; a template type cannot be computed.
  return text as `${number}-${number}-${number}` | undefined;
}

/** `2026-11-21T09:30:00.000`; `undefined` outside the years 0 to 9999. */
export function localTimestampMillisText(millis: number): string | undefined {
  return millisText(millis);
}

/** `2026-11-21T09:30:00.000000`; `undefined` outside the years 0 to 9999. */
export function localTimestampMicrosText(micros: bigint): string | undefined {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const text = millisText(Number((micros - rest) / 1000n));
  return text === undefined ? undefined : text + String(rest).padStart(3, "0");
}

function millisText(millis: number): string | undefined {
  if (millis < textMillisMin || millis >= textMillisEnd) return undefined;
  return new Date(millis).toISOString().slice(0, 23);
}

const dateForm = /^\d{4}-\d{2}-\d{2}$/;
const timestampForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?$/;

/** Days since the epoch; `undefined` where the text is no date. */
export function localDateDays(text: string): number | undefined {
  const millis = dateForm.test(text) ? exactMillis(`${text}T00:00:00.000`) : undefined;
  return millis === undefined ? undefined : millis / dayMillis;
}

/** Milliseconds since the epoch; `undefined` where the text is no time, or a finer one. */
export function localTimestampMillis(text: string): number | undefined {
  const micros = localTimestampMicros(text);
  return micros === undefined || micros % 1000n !== 0n ? undefined : Number(micros / 1000n);
}

/** Microseconds since the epoch; `undefined` where the text is no time. */
export function localTimestampMicros(text: string): bigint | undefined {
  if (!timestampForm.test(text)) return undefined;
  const fraction = text.slice(20).padEnd(6, "0");
  const millis = exactMillis(`${text.slice(0, 19)}.${fraction.slice(0, 3)}`);
  return millis === undefined ? undefined : BigInt(millis) * 1000n + BigInt(fraction.slice(3));
}

/** `Date` turns the 31st of a short month into the 1st of the next: such text is not exact. */
function exactMillis(text: string): number | undefined {
  const date = new Date(`${text}Z`);
  const millis = date.getTime();
  return Number.isNaN(millis) || date.toISOString() !== `${text}Z` ? undefined : millis;
}
