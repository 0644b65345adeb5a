import type { Program } from "../model/program.ts";
import { tableText } from "./agent-tables.ts";
import type { Code } from "./code.ts";
import type { GeneratedFile } from "./file.ts";

/** The tables that are whole on every worker, where anybody reads them. */
export const globalTables = (file: GeneratedFile): readonly Code[] =>
  file.program.tables
    .filter(({ global: isGlobal, name }) => isGlobal && isRead(file.program, name))
    .map(({ name }) => tableText(file, name));

const isRead = ({ agents }: Program, table: string): boolean =>
  agents.some(({ resources }) =>
    resources.some((resource) => "table" in resource && resource.table === table),
  );
