import type { Node, SourceFile } from "ts-morph";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Discovered } from "../discover/discover.ts";
import type { Packages } from "../discover/library.ts";
import { placeOf } from "../discover/place.ts";
import type { ChannelModel } from "../model/channel.ts";
import type { Span } from "../model/span.ts";
import type { TableModel, TopicModel } from "../model/topology.ts";
import type { TypeModel } from "../model/type.ts";
import type { PackageModule } from "./exports.ts";
import type { NamedTypes } from "./named.ts";
import type { Written } from "./resolve.ts";
import type { Where } from "./where.ts";

export interface ReadOptions {
  /** The prefix of internal topics. */
  readonly app: string;
  /** The Avro namespace of records that do not give their own. */
  readonly namespace?: string | undefined;
  /** The folder of generated files, from the root: sources in it are not read. */
  readonly out?: string | undefined;
  /** How long an answer is waited for. */
  readonly askTimeoutMs?: number | undefined;
}

/** Who declares something: "streamgen", the libraries of TypeScript and Node, or anybody else. */
export type Home = "language" | "standard" | "user";

/** What the readers share for one compilation. The lists and maps grow while sources are read. */
export interface Reading {
  readonly options: ReadOptions;
  readonly discovered: Discovered;
  readonly packages: Packages;
  readonly diagnostics: Diagnostic[];
  readonly named: NamedTypes;
  /** By name. */
  readonly topics: Map<string, TopicModel>;
  readonly tables: Map<string, TableModel>;
  /** By name. */
  readonly channels: Map<string, ChannelModel>;
  /** Typed topics that get dead letters, by name: who puts them there first. */
  readonly deadLetters: Map<string, { readonly agent: string; readonly span: Span }>;
  /** The functions that give keys, by `module#name`: the analysis of bodies looks into them. */
  readonly keyFunctions: Map<string, Node>;
  /** Found once: see `exports.ts`. */
  readonly exports: Map<SourceFile, ReadonlyMap<Node, string>>;
  readonly packageModules: PackageModule[];
  /** What can be decided only when every record is known, in the order it came up. */
  readonly later: (() => void)[];
  readonly report: (diagnostic: Diagnostic) => void;
  readonly place: (node: Node) => Span;
  readonly homeOf: (declaration: Node) => Home;
  readonly readType: TypeReaders["readType"];
  readonly readBranches: TypeReaders["readBranches"];
}

/** Types contain records, and records types: the readers find each other through `Reading`. */
export interface TypeReaders {
  /** `undefined` where Avro cannot say the type, which has been reported. */
  readType(reading: Reading, written: Written, where: Where): TypeModel | undefined;
  /** A union's branches in written order, or the one type that is no union. */
  readBranches(reading: Reading, written: Written, where: Where): readonly TypeModel[] | undefined;
}

export function startReading(
  discovered: Discovered,
  packages: Packages,
  named: NamedTypes,
  readers: TypeReaders,
  options: ReadOptions,
): Reading {
  const diagnostics: Diagnostic[] = [];
  const homes = new Map<SourceFile, Home>();
  return {
    options,
    discovered,
    packages,
    diagnostics,
    named,
    topics: new Map(),
    tables: new Map(),
    channels: new Map(),
    deadLetters: new Map(),
    keyFunctions: new Map(),
    exports: new Map(),
    packageModules: [],
    later: [],
    report: (diagnostic) => void diagnostics.push(diagnostic),
    place: (node) => placeOf(discovered.root, node),
    homeOf: (declaration) => {
      const file = declaration.getSourceFile();
      const home = homes.get(file) ?? findHome(discovered, packages, file);
      homes.set(file, home);
      return home;
    },
    readType: readers.readType,
    readBranches: readers.readBranches,
  };
}

function findHome({ project }: Discovered, packages: Packages, file: SourceFile): Home {
  if (packages.isLanguage(file)) return "language";
  const isStandard =
    file.isDeclarationFile() &&
    (project.getProgram().compilerObject.isSourceFileDefaultLibrary(file.compilerNode) ||
      packages.packageOf(file)?.name === "@types/node");
  return isStandard ? "standard" : "user";
}
