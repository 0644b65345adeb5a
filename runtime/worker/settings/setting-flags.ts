import { settingTable } from "./setting-table.ts";

/** A flag of the command line that is a setting. */
export interface SettingFlag {
  /** Without hyphens before it. */
  readonly name: string;
  /** What stands for the value in a help text. */
  readonly value: string;
  readonly help: string;
}

const placeholders: Readonly<Record<string, string>> = {
  bootstrap: "host:port",
  registry: "url",
  state: "folder",
  delivery: "how",
  instance: "name",
  "web-host": "address",
};

/** Every flag of the settings; `WorkerOptions.flags` takes their values by name. */
export const settingFlags: readonly SettingFlag[] = Object.values(settingTable).flatMap(
  ({ flag, meaning }: { readonly flag?: string; readonly meaning: string }) =>
    flag === undefined
      ? []
      : [{ name: flag, value: placeholders[flag] ?? "number", help: meaning.replaceAll("`", "") }],
);
