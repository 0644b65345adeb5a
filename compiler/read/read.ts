import type { SourceFile } from "ts-morph";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { interfaceTopic } from "../diagnostics/topology.ts";
import type { Discovered } from "../discover/discover.ts";
import { readPackages } from "../discover/library.ts";
import type { Program } from "../model/program.ts";
import type { Span } from "../model/span.ts";
import type { AgentModel, TopicModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";
import { readAgent } from "./agent.ts";
import { checkCalls } from "./calls.ts";
import { findCandidates } from "./candidates.ts";
import { finishRecords, reachable } from "./finish.ts";
import { groupAgents } from "./group.ts";
import { checkLanguageImports } from "./imports.ts";
import { noNamedTypes } from "./named.ts";
import { type Reading, type ReadOptions, startReading } from "./reading.ts";
import { isReference, noBindings, resolveQuietly } from "./resolve.ts";
import { isTable, readTableType } from "./table.ts";
import { extendsTopic, readTopicType } from "./topic.ts";
import { readBranches, readType } from "./type.ts";

export type { ReadOptions } from "./reading.ts";

/**
 * Reads the pipeline from its sources' types. The program holds what could be read; where there are
 * errors among the diagnostics, it is not whole.
 */
export function read(
  discovered: Discovered,
  options: ReadOptions,
): { readonly program: Program; readonly diagnostics: readonly Diagnostic[] } {
  const readers = { readType, readBranches };
  const reading = startReading(discovered, readPackages(), noNamedTypes(), readers, options);
  const files = discovered.files.filter((file) => !isGenerated(reading, file));
  checkLanguageImports(reading, files);
  for (const file of files) readDeclared(reading, file);
  const candidates = files.flatMap((file) => findCandidates(reading, file));
  const agents = candidates.flatMap((candidate) => readAgent(reading, candidate) ?? []);
  checkCalls(reading, files, candidates);
  for (const decide of reading.later) decide();
  finishRecords(reading);
  return { program: assemble(reading, agents), diagnostics: reading.diagnostics };
}

const isGenerated = ({ discovered, options }: Reading, file: SourceFile): boolean =>
  options.out !== undefined &&
  file.getFilePath().startsWith(`${discovered.root}/${options.out.replace(/\/*$/, "/")}`);

/** Topics and tables count where they are declared, whether or not a function of this file uses them. */
function readDeclared(reading: Reading, file: SourceFile): void {
  for (const declaration of file.getTypeAliases()) {
    const node = declaration.getTypeNode();
    if (!node || !isReference(node) || declaration.getTypeParameters().length > 0) continue;
    const target = resolveQuietly(reading, { node, bound: noBindings });
    if (target.kind !== "library") continue;
    const aliases = [{ declaration, arguments: [] }, ...target.aliases];
    if (target.name === "Topic") readTopicType(reading, { ...target, aliases });
    if (isTable(target)) readTableType(reading, { ...target, aliases });
  }
  for (const declaration of file.getInterfaces()) {
    const node = declaration.getNameNode();
    const type = { kind: "interface", declaration, bound: noBindings } as const;
    if (extendsTopic(reading, type)) {
      reading.report(interfaceTopic(declaration.getName(), reading.place(node)));
    }
  }
}

function assemble(reading: Reading, found: readonly AgentModel[]): Program {
  const topics = inDeclaredOrder([...reading.topics.values()]);
  const tables = inDeclaredOrder([...reading.tables.values()]);
  const agents = inDeclaredOrder(found);
  const { records, enums, fixed } = reading.named;
  const names = reachable(records, [
    ...topics.flatMap(typesOfTopic),
    ...tables.flatMap((table) => [table.key, table.value]),
    ...[...reading.channels.values()].map(({ value }) => value),
    ...agents.flatMap(typesOfTrigger),
  ]);
  const used = <T extends { readonly name: string; readonly span: Span }>(
    models: ReadonlyMap<string, T>,
  ): readonly T[] => inDeclaredOrder([...models.values()].filter((model) => names.has(model.name)));
  const channels = inDeclaredOrder([...reading.channels.values()]);
  return {
    app: reading.options.app,
    records: used(records),
    enums: used(enums),
    fixed: used(fixed),
    topics,
    tables,
    ...(channels.length > 0 && { channels }),
    agents,
    groups: groupAgents(agents, topics, tables),
  };
}

const typesOfTopic = ({ value, key }: TopicModel): readonly TypeModel[] =>
  key.kind === "none" ? [value] : [value, key.type];

/** The types of what comes from outside of topics, or goes to nobody's. */
function typesOfTrigger({ trigger }: AgentModel): readonly TypeModel[] {
  if (trigger.kind === "command") return [trigger.arguments];
  if (trigger.kind === "ask") return trigger.answer === undefined ? [] : [trigger.answer];
  return trigger.kind === "web" && trigger.body !== undefined ? [trigger.body] : [];
}

/** By path, then by offset; paths by code units, so that no locale has a say. */
function inDeclaredOrder<T extends { readonly name: string; readonly span: Span }>(
  models: readonly T[],
): readonly T[] {
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...models].sort(
    (a, b) => text(a.span.file, b.span.file) || a.span.start - b.span.start || text(a.name, b.name),
  );
}
