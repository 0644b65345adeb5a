import { refuse } from "./arguments.ts";
import type { Surroundings } from "./surroundings.ts";

/** Asks on a terminal; elsewhere throws a `Refusal` that names the flag. */
export async function confirmed(around: Surroundings, question: string): Promise<boolean> {
  const answer = await around.ask(question);
  if (answer === undefined) refuse("there is no terminal to ask on", "add --yes");
  return answer;
}
