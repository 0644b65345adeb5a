import type { Context, Stream, Topic } from "streamgen";

export interface Step {
  text: string;
}

export type Steps = Topic<"steps", { value: Step; key: string; external: true }>;

/** `async for step in stream` */
export async function logValues(steps: Stream<Steps>, ctx: Context): Promise<void> {
  for await (const { text } of steps) ctx.log.info("value", { text });
}

/** `stream.items()` */
export async function logItems(steps: Stream<Steps>, ctx: Context): Promise<void> {
  for await (const [key, { text }] of steps.items()) ctx.log.info("item", { key, text });
}

/** `stream.events()` */
export async function logEvents(steps: Stream<Steps>, ctx: Context): Promise<void> {
  for await (const { key, value, partition, offset, headers } of steps.events()) {
    const source = headers.get("source")?.toString();
    ctx.log.info("event", { key, text: value.text, partition, offset, source });
  }
}

/** `stream.enumerate()`; a new run counts from the start. */
export async function logNumbers(steps: Stream<Steps>, ctx: Context): Promise<void> {
  for await (const [number, { text }] of steps.enumerate(1)) ctx.log.info("step", { number, text });
}

/** Operators that Faust has not. */
export async function logShort(steps: Stream<Steps>, ctx: Context): Promise<void> {
  const words = steps.map(({ text }) => text.trim()).flatMap((text) => text.split(" "));
  for await (const word of words.filter((one) => one.length < 4)) ctx.log.info("short", { word });
}
