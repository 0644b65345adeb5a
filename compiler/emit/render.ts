import { readFileSync } from "node:fs";
import Handlebars from "handlebars";
import { type Code, isCode, printCode } from "./code.ts";

/** What a template is given: finished code, and lists and parts of it. Nothing else can be printed. */
export type View = Code | readonly View[] | { readonly [name: string]: View | undefined };

/** Stands for a piece of code while the template is filled, which therefore sees no user's text. */
const mark = /«(\d+)»/;

/**
 * Fills `templates/<name>.hbs`. Code is laid out where it stands, by the room that its line has left,
 * so that what comes out is as a formatter leaves it.
 */
export function render(name: string, view: { readonly [name: string]: View | undefined }): string {
  const pieces: Code[] = [];
  const filled = template(name)(substitute(view, pieces));
  return `${filled
    .split("\n")
    .map((line) => fillLine(line, pieces))
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}

const templates: Map<string, Handlebars.TemplateDelegate> = new Map();

function template(name: string): Handlebars.TemplateDelegate {
  const known = templates.get(name);
  if (known !== undefined) return known;
  // Beside the sources as well as beside `dist`, the folder is two levels up.
  const file = new URL(`../../templates/${name}.hbs`, import.meta.url);
  const compiled = Handlebars.compile(readFileSync(file, "utf8"), {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    preventIndent: true,
  });
  templates.set(name, compiled);
  return compiled;
}

/** The view with each piece of code replaced by its mark. */
function substitute(view: View | undefined, pieces: Code[]): unknown {
  if (view === undefined) return undefined;
  if (isCode(view)) return `«${pieces.push(view) - 1}»`;
  if (isList(view)) return view.map((each) => substitute(each, pieces));
  return Object.fromEntries(
    Object.entries(view).map(([name, each]) => [name, substitute(each, pieces)]),
  );
}

const isList = (view: View): view is readonly View[] => Array.isArray(view);

/** Puts the marked pieces into a line, each where the ones before it have left off. */
function fillLine(line: string, pieces: readonly Code[]): string {
  const indentation = line.length - line.trimStart().length;
  let text = "";
  let rest = line;
  for (let match = mark.exec(rest); match !== null; match = mark.exec(rest)) {
    const piece = pieces[Number(match[1])];
    if (piece === undefined) throw new Error("SG9003: a template names a piece that is not there");
    text += rest.slice(0, match.index);
    rest = rest.slice(match.index + match[0].length);
    const column = text.length - (text.lastIndexOf("\n") + 1);
    const reserved = rest.replaceAll(/«\d+»/g, "").length;
    text += printCode(piece, { column, indentation, reserved });
  }
  return (text + rest).trimEnd();
}
