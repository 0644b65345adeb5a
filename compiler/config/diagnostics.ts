import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearest } from "../diagnostics/nearest.ts";
import type { Span } from "../model/span.ts";
import { type KeyPath, pathText } from "./place.ts";

/** SG5901: there is no configuration where it is looked for. */
export function missingConfiguration(place: string): Diagnostic {
  return error("SG5901", `there is no streamgen configuration: ${place}`, undefined, {
    fix: 'write streamgen.config.ts: export default defineConfig({ app: "my-app" }), or run: npx streamgen init',
  });
}

/** SG5902: the file cannot be read, parsed or run. `reason` is one line. */
export function unloadableConfiguration(file: string, reason: string, span?: Span): Diagnostic {
  return error("SG5902", `"${file}" cannot be loaded: ${reason}`, span, {
    fix: "the file must be valid, and its default export must be defineConfig({ ... })",
  });
}

/** SG5902: the file runs, but it gives nothing. */
export function noDefaultExport(file: string, span: Span | undefined): Diagnostic {
  return error("SG5902", `"${file}" has no default export`, span, {
    fix: 'write: export default defineConfig({ app: "my-app" })',
  });
}

/** SG5903: a key that does not exist. */
export function unknownKey(path: KeyPath, known: readonly string[], span?: Span): Diagnostic {
  const guess = nearest(path.at(-1) ?? "", known);
  return error("SG5903", `the configuration has no key "${pathText(path)}"`, span, {
    fix: guess === undefined ? `use one of: ${known.join(", ")}` : `write "${guess}"`,
  });
}

/** SG5904: a value of the wrong type or out of range. */
export function wrongValue(
  path: KeyPath,
  { expected, found }: { readonly expected: string; readonly found: string },
  span?: Span,
): Diagnostic {
  return error("SG5904", `"${pathText(path)}" must be ${expected}, but it is ${found}`, span, {
    fix: `write ${expected}`,
  });
}

/** SG5905: `app` is missing. */
export function missingApp(span?: Span): Diagnostic {
  return error("SG5905", 'the configuration has no "app"', span, {
    fix: 'name the application, for example: app: "shop"',
  });
}

/** SG5906: a name that Kafka would refuse in topic and group names. */
export function illegalName(path: KeyPath, name: string, span?: Span): Diagnostic {
  const legal = name.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[.-]+|[.-]+$/g, "");
  return error(
    "SG5906",
    `"${pathText(path)}" is ${JSON.stringify(name)}, which is no legal topic name`,
    span,
    {
      fix:
        legal === "" || legal === name
          ? "use 1 to 100 letters, digits, dots, hyphens and underscores"
          : `write ${JSON.stringify(legal.slice(0, 100))}`,
    },
  );
}

/** SG5907: `app` from the environment leaves internal topics without a name. */
export function appWithoutName(variable: string, span?: Span): Diagnostic {
  return error(
    "SG5907",
    '"app" comes from the environment, so internal topics have no name',
    span,
    {
      fix: `give the name as second argument: env(${JSON.stringify(variable)}, "my-app")`,
    },
  );
}

/** SG5908: an output folder outside the project, or one that holds other things. */
export function illegalFolder(path: KeyPath, folder: string, span?: Span): Diagnostic {
  return error(
    "SG5908",
    `"${pathText(path)}" is ${JSON.stringify(folder)}, which is not a folder of its own inside the project`,
    span,
    { fix: 'name a folder inside the project for generated files only, for example "generated"' },
  );
}

/** SG5909: settings for a topic that the sources do not declare. */
export function unknownTopic(name: string, declared: readonly string[], span?: Span): Diagnostic {
  const guess = nearest(name, declared);
  return error("SG5909", `the configuration has settings for "${name}", which is no topic`, span, {
    fix: guess === undefined ? `use one of: ${declared.join(", ")}` : `write "${guess}"`,
  });
}

/** SG5910: a secret that is written down, in full or as a fallback. Its text is never shown. */
export function secretAsText(
  path: KeyPath,
  { isUrl }: { readonly isUrl: boolean },
  span?: Span,
): Diagnostic {
  const words = path.filter((key) => key !== "auth").join("_");
  const variable = words.replaceAll(/[A-Z]/g, (big) => `_${big}`).toUpperCase();
  const message = `"${pathText(path)}" is a secret written as text, which would be committed`;
  const fix = isUrl
    ? "leave user and password out of the address, and write them as keys of their own"
    : `write env("${variable}"), or file("/run/secrets/...")`;
  return { ...error("SG5910", message, span, { fix }), hidesSource: true };
}

/** SG5911: a part that another one needs. */
export function missingPart(path: KeyPath, needed: string, span?: Span): Diagnostic {
  return error("SG5911", `"${pathText(path)}" has no ${needed}`, span, { fix: `add ${needed}` });
}

function error(
  code: Diagnostic["code"],
  message: string,
  span: Span | undefined,
  { fix }: { readonly fix: string },
): Diagnostic {
  return { code, severity: "error", message, span, related: [], fix };
}
