import type { Diagnostic, DiagnosticCode } from "../diagnostics/diagnostic.ts";
import type { Span } from "../model/span.ts";

/** SG5951: a tsconfig.json that TypeScript itself refuses. */
export function brokenTsconfig(file: string, reason: string, span?: Span): Diagnostic {
  return report("SG5951", "error", `"${file}" cannot be read: ${reason}`, span, {
    fix: "make it a configuration that tsc accepts",
  });
}

/** SG5952: a `moduleResolution` that does not read `exports` of packages. */
export function oldModuleResolution(kind: string, span?: Span): Diagnostic {
  return report(
    "SG5952",
    "error",
    `moduleResolution "${kind}" cannot find "@streamgen/runtime/codec", which generated code imports`,
    span,
    { fix: 'write "module": "nodenext" (or "moduleResolution": "bundler")' },
  );
}

/** SG5953: `rootDir` leaves the generated files out, so `tsc` stops with TS6059. */
export function outsideRootDir(
  {
    out,
    rootDir,
    source,
  }: { readonly out: string; readonly rootDir: string; readonly source: string },
  span?: Span,
): Diagnostic {
  return report(
    "SG5953",
    "error",
    `rootDir is "${rootDir}", so tsc refuses the generated files in "${out}"`,
    span,
    { fix: `set out: "${source}" in the streamgen configuration, or "rootDir": "."` },
  );
}

/** SG5954: a project without `"type": "module"` whose CommonJS output cannot import the runtime. */
export function commonJsProject(because: string, span?: Span): Diagnostic {
  return report(
    "SG5954",
    "error",
    `package.json has no "type": "module", and ${because}, so generated code cannot import the runtime`,
    span,
    { fix: 'add "type": "module" to package.json' },
  );
}

/** SG5955: a tsconfig.json that does not take the generated files in. */
export function notIncluded(out: string, file: string, span?: Span): Diagnostic {
  return report(
    "SG5955",
    "warning",
    `"${file}" does not include "${out}", so tsc neither checks nor emits the generated files`,
    span,
    { fix: `add "${out}" to "include" in ${file}` },
  );
}

function report(
  code: DiagnosticCode,
  severity: Diagnostic["severity"],
  message: string,
  span: Span | undefined,
  { fix }: { readonly fix: string },
): Diagnostic {
  return { code, severity, message, span, related: [], fix };
}
