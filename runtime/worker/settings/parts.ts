import type { Found, Layers } from "./layers.ts";
import type { SecretRow } from "./secret-table.ts";
import type { SettingRow } from "./setting-table.ts";

/** Something that is set and has no effect: a mistake, unless it is the configuration's and overruled. */
export function leftOver(layers: Layers, part: Found<unknown> | undefined, why: string): void {
  if (part === undefined) return;
  const { name, source } = part;
  layers.ignore(name);
  if (source.kind !== "environment") return;
  layers.problem(name, `${source.variable} is set, but ${why}: remove one of them`);
}

/** A part that another one needs. One that is wrong is told already. */
export function needed(layers: Layers, row: SettingRow<string> | SecretRow): void {
  const { name, variable } = row;
  const ways = "kind" in row ? variable : `${variable} or ${variable}_FILE`;
  layers.problem(name, `${name} is missing: set ${ways}`);
}
