import path from "node:path";
import { withForwardSlashes } from "./import-path.ts";
import { isObject, nearestPackage } from "./package-json.ts";

/**
 * The specifier by which a project imports a file that belongs to another package, such as
 * `@acme/records` or `@acme/records/orders`; `undefined` for files of the project's own package.
 *
 * The subpath whose target is the file wins. A file that no subpath names is taken to be exported
 * again by the package's entry.
 */
export function packageSpecifier(root: string, file: string): string | undefined {
  const own = nearestPackage(root);
  const other = nearestPackage(path.dirname(file));
  if (other?.name === undefined || other.folder === own?.folder) return undefined;
  const inside = `./${withForwardSlashes(path.relative(other.folder, file))}`;
  const subpath = subpaths(other.exports).find(({ target }) => matches(target, inside));
  if (subpath === undefined) return other.name;
  const wildcard = wildcardOf(subpath.target, inside) ?? "";
  return other.name + subpath.name.slice(1).replace("*", wildcard);
}

interface Subpath {
  /** `.` or `./orders` or `./records/*`. */
  readonly name: string;
  readonly target: string;
}

/** Every subpath with every target it has under some condition, in the order of the file. */
function subpaths(exports: unknown): readonly Subpath[] {
  const named = isObject(exports) && Object.keys(exports).some((key) => key.startsWith("."));
  const entries = named && isObject(exports) ? Object.entries(exports) : [[".", exports] as const];
  return entries.flatMap(([name, value]) => targets(value, 0).map((target) => ({ name, target })));
}

/** Conditions nest; more than a few levels deep is a mistake. */
function targets(value: unknown, depth: number): readonly string[] {
  if (typeof value === "string") return [value];
  if (depth > 8) return [];
  const parts = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return parts.flatMap((part) => targets(part, depth + 1));
}

function matches(target: string, file: string): boolean {
  return wildcardOf(target, file) !== undefined;
}

/** What the target's `*` stands for; empty without one; `undefined` where the file is another. */
function wildcardOf(target: string, file: string): string | undefined {
  const [wanted, given] = [stem(target), stem(file)];
  const star = wanted.indexOf("*");
  if (star < 0) return wanted === given ? "" : undefined;
  const [before, after] = [wanted.slice(0, star), wanted.slice(star + 1)];
  const fits =
    given.length > before.length + after.length &&
    given.startsWith(before) &&
    given.endsWith(after);
  return fits ? given.slice(before.length, given.length - after.length) : undefined;
}

/** A declaration, the script beside it and its source are one module. */
function stem(file: string): string {
  return file.replace(/(\.d)?\.[cm]?[jt]sx?$/, "");
}
