import { refuse } from "../arguments.ts";
import { nearest } from "../nearest.ts";
import type { Letter } from "./letters.ts";

const names = ["code", "agent", "topic", "partition", "offset", "message"] as const;
type Name = (typeof names)[number];

/** Understands `--where name=value`, of which all have to hold. Throws a `Refusal`. */
export function parseWhere(texts: readonly string[]): (letter: Letter) => boolean {
  const tests = texts.map(parseOne);
  return (letter) => tests.every((test) => test(letter));
}

function parseOne(text: string): (letter: Letter) => boolean {
  const cut = text.indexOf("=");
  const name = names.find((each) => each === text.slice(0, Math.max(0, cut)));
  if (name === undefined) {
    const guess = nearest(text.slice(0, Math.max(0, cut)), names);
    const fix = `write ${guess ?? `one of ${names.join(", ")}`}, "=" and a value`;
    return refuse(`--where is "${text}"`, fix);
  }
  const wanted = text.slice(cut + 1);
  return (letter) => holds(name, wanted, letter);
}

/** A message has the text somewhere, an agent may be one of several; all else is equal. */
function holds(name: Name, wanted: string, letter: Letter): boolean {
  switch (name) {
    case "message":
      return letter.message.includes(wanted);
    case "agent":
      return letter.agent.split(",").includes(wanted);
    default:
      return String(letter[name]) === wanted;
  }
}
