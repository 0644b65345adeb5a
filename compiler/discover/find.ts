import path from "node:path";
import { ts } from "ts-morph";

const extensions = [".ts", ".tsx", ".mts", ".cts"];

/** Tests and declarations have no agents; what is installed is other people's. */
const neverRead = [
  ...["**/*.test.ts", "**/*.test.tsx", "**/*.spec.ts", "**/*.spec.tsx"],
  ...["**/*.d.ts", "**/*.d.mts", "**/*.d.cts", "**/node_modules"],
];

/**
 * The files that globs name, absolute and sorted by code units. Globs are those of a tsconfig's
 * `include`, with braces and, to leave files out, with `!` in front.
 */
export function findFiles(
  root: string,
  {
    include,
    exclude = [],
  }: { readonly include: readonly string[]; readonly exclude?: readonly string[] | undefined },
): readonly string[] {
  const left = include.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1));
  const taken = include.filter((glob) => !glob.startsWith("!"));
  const clean = (globs: readonly string[]): readonly string[] =>
    globs.flatMap(expandBraces).map((glob) => path.posix.normalize(glob));
  const unwanted = [...neverRead, ...clean([...exclude, ...left])];
  // Code units, so that no locale has a say.
  return ts.sys.readDirectory(root, extensions, unwanted, clean(taken)).sort();
}

/** `a.{ts,tsx}` to `a.ts` and `a.tsx`. */
function expandBraces(glob: string): readonly string[] {
  const [, ahead = "", inside = "", behind = ""] = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(glob) ?? [];
  if (inside === "") return [glob];
  return inside.split(",").flatMap((choice) => expandBraces(ahead + choice + behind));
}
