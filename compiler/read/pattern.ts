import { badPattern, besidePattern } from "../diagnostics/patterns.ts";
import { type Options, textOption } from "./options.ts";
import type { Reading } from "./reading.ts";

/** What is said when a topic is made, or of one alone. */
const notBeside = ["external", "partitions", "replicas", "retention", "config"];
/** Names have at most 249 characters: with so many, matching one stays quick whatever it is. */
const repeatsMax = 4;

/** The pattern of a topic that stands for all whose names match it. */
export function readPattern(
  reading: Reading,
  options: Options,
  topic: string,
): { readonly pattern?: string; readonly external?: true } {
  const option = options.get("pattern");
  const pattern = textOption(reading, options, "pattern");
  if (option === undefined || pattern === undefined) return {};
  for (const name of notBeside) {
    const other = options.get(name);
    if (other !== undefined) reading.report(besidePattern(topic, name, reading.place(other.node)));
  }
  const problem = problemOf(pattern);
  if (problem === undefined) return { pattern, external: true };
  reading.report(badPattern(topic, pattern, problem, reading.place(option.node)));
  return { external: true };
}

/** Why a text is no regular expression of which matching takes bounded time. */
function problemOf(pattern: string): string | undefined {
  if (pattern === "") return "it is empty";
  try {
    new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return "it is no regular expression";
  }
  if (/\(\?[^:]/.test(pattern)) return "it looks ahead or behind, or names a group";
  if (/\\[^.\-_dw]/.test(pattern)) return "it has an escape other than \\. \\- \\_ \\d \\w";
  const { repeats, isNested } = countRepeats(pattern);
  if (isNested) return "it repeats what repeats already";
  return repeats > repeatsMax ? `it repeats ${repeats} times, and ${repeatsMax} may` : undefined;
}

/** How often it repeats something, and whether a group with a repeat is itself repeated. */
function countRepeats(pattern: string): { readonly repeats: number; readonly isNested: boolean } {
  // What is in a class or behind a backslash repeats nothing.
  let left = pattern.replaceAll(/\\./g, "a").replaceAll(/\[[^\]]*\]/g, "a");
  const repeats = left.match(/[*+{]/g)?.length ?? 0;
  let isNested = false;
  // From the innermost groups outwards, each becomes a letter, which repeats where something in it does.
  for (let before = ""; before !== left; ) {
    before = left;
    isNested ||= /\([^()]*[*+{][^()]*\)[*+{]/.test(left);
    left = left.replaceAll(/\(([^()]*)\)/g, (_, inner: string) =>
      /[*+{]/.test(inner) ? "a*" : "a",
    );
  }
  return { repeats, isNested };
}
