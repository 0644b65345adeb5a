import type { Context, Each, Every, To, Topic } from "streamgen";

export interface Greeting {
  from: string;
  to: string;
}

export type Greetings = Topic<"greetings", { value: Greeting }>;

/** Logs each greeting. */
export function greet({ from, to }: Each<Greetings>, ctx: Context): void {
  ctx.log.info("hello", { from, to });
}

/** Sends one every second, from each worker. */
export function sayHello(_tick: Every<"1s">): To<Greetings> {
  return { from: "streamgen", to: "you" };
}
