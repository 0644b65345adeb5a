import { createInterface } from "node:readline/promises";

/** Asks a person on the terminal; `undefined` where there is none. Anything but yes is no. */
export async function askOnTerminal(question: string): Promise<boolean | undefined> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C at a question is a no.
  terminal.on("SIGINT", () => terminal.close());
  try {
    const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("no")));
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
