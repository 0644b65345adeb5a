import { ts } from "ts-morph";
import type { ImportEnding } from "./import-path.ts";

/** What `module` and `moduleResolution` mean for generated code. */
export interface Resolution {
  /** As a user writes it. */
  readonly name: string;
  readonly ending: ImportEnding;
  /** Whether `exports` of packages are read: `@streamgen/runtime/codec` is one. */
  readonly readsExports: boolean;
  /** Set where files are CommonJS without `"type": "module"` and cannot import the runtime then. */
  readonly commonJs: { readonly because: string; readonly option: string } | undefined;
}

interface Version {
  readonly major: number;
  readonly minor: number;
}

const { ModuleKind, ModuleResolutionKind } = ts;

/** The effective resolution, with the defaults of the TypeScript that the project installs. */
export function resolutionOf(options: ts.CompilerOptions, typescript: Version): Resolution {
  const name = resolutionName(options, typescript);
  const allowsTs =
    options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true;
  return {
    name,
    ending: allowsTs ? "ts" : name === "bundler" ? "none" : "js",
    readsExports: name !== "node10" && name !== "classic",
    commonJs: isNode(name) ? commonJs(options, typescript) : undefined,
  };
}

function isNode(name: string): boolean {
  return name === "nodenext" || name === "node16";
}

function resolutionName(options: ts.CompilerOptions, typescript: Version): string {
  switch (options.moduleResolution) {
    case ModuleResolutionKind.Classic:
      return "classic";
    case ModuleResolutionKind.Node10:
      return "node10";
    case ModuleResolutionKind.Node16:
      return "node16";
    case ModuleResolutionKind.NodeNext:
      return "nodenext";
    case ModuleResolutionKind.Bundler:
      return "bundler";
    default:
      return impliedName(options.module, typescript);
  }
}

function impliedName(module: ts.ModuleKind | undefined, typescript: Version): string {
  if (module === ModuleKind.Preserve) return "bundler";
  if (module !== undefined && module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext) {
    return module === ModuleKind.Node16 ? "node16" : "nodenext";
  }
  const isOld =
    module === ModuleKind.AMD || module === ModuleKind.UMD || module === ModuleKind.System;
  if (isOld) return "classic";
  if (typescript.major >= 6) return "bundler";
  return module === undefined || module === ModuleKind.CommonJS ? "node10" : "classic";
}

/** Node's `require` of the runtime works from 20.19 on; these settings forbid to write it. */
function commonJs(options: ts.CompilerOptions, typescript: Version): Resolution["commonJs"] {
  if (options.verbatimModuleSyntax === true) {
    const because = '"verbatimModuleSyntax" forbids import in CommonJS files';
    return { because, option: "verbatimModuleSyntax" };
  }
  const { module } = options;
  const mayRequire =
    module === ModuleKind.Node20 ||
    (module === ModuleKind.NodeNext &&
      (typescript.major > 5 || (typescript.major === 5 && typescript.minor >= 8)));
  if (mayRequire) return undefined;
  const because =
    module === ModuleKind.NodeNext
      ? "TypeScript before 5.8 lets no CommonJS file import an ES module"
      : "this module setting lets no CommonJS file import an ES module";
  return { because, option: "module" };
}
