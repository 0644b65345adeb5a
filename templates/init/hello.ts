import type { Each, Every, Sink, Topic } from "streamgen";

/** What travels through the topic. */
export interface Greeting {
  text: string;
  at: Date;
}

export type Greetings = Topic<"greetings", { value: Greeting; time: "at" }>;

/** Every second, sends a greeting. */
export function greet(tick: Every<"1s">, greetings: Sink<Greetings>): void {
  greetings.send({ text: "Hello", at: new Date(tick.at) });
}

/** Prints each greeting. */
export function print(greeting: Each<Greetings>): void {
  console.log(`${greeting.text}! It is ${greeting.at.toLocaleTimeString()}.`);
}
