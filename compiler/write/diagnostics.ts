import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** SG4901: the output is not what the sources say, seen by `build --check`. */
export function outOfDate(changed: number, total: number, isThere: boolean): Diagnostic {
  if (!isThere) {
    return report("SG4901", "nothing is generated yet", { fix: "run npx streamgen build" });
  }
  return report(
    "SG4901",
    `the generated files are not up to date (${changed} of ${total} differ)`,
    {
      fix: "run npx streamgen build and commit what it changes",
    },
  );
}

/** SG4902: a file that was not generated stands where one would be. */
export function foreignFile(file: string): Diagnostic {
  return report("SG4902", `"${file}" is not a generated file, and a build would overwrite it`, {
    fix: 'move the file, or set "out" in the configuration to another folder',
  });
}

/** SG4904: a file that was not generated, beside those that were. Builds leave it alone. */
export function fileBeside(file: string): Diagnostic {
  const message = `"${file}" is not a generated file, though it is in their folder`;
  const fix = "move the file out of the folder, or remove it";
  return { ...report("SG4904", message, { fix }), severity: "warning" };
}

/** SG4903: the output cannot be written. Nothing was changed. */
export function unwritable(file: string, reason: string): Diagnostic {
  return report("SG4903", `"${file}" cannot be written: ${reason}`, {
    fix: "make the output folder writable; the files are as they were before",
  });
}

function report(
  code: Diagnostic["code"],
  message: string,
  { fix }: { readonly fix: string },
): Diagnostic {
  return { code, severity: "error", message, span: undefined, related: [], fix };
}
