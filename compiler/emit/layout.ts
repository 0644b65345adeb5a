/**
 * How code breaks into lines: a group stands on one line if it fits, or else breaks at all of its own
 * lines. The algorithm is Wadler's ("A prettier printer", 2003), as formatters use it, so that output
 * comes out as they would leave it.
 */
export type Layout =
  | string
  | readonly Layout[]
  | { readonly kind: "group"; readonly content: Layout; readonly isBroken: boolean }
  | { readonly kind: "indent"; readonly content: Layout }
  /** A break in a broken group; `flat` stands for it in one that fits. */
  | { readonly kind: "line"; readonly flat: string }
  /** Text for broken groups only. */
  | { readonly kind: "broken"; readonly text: string }
  /** Behind a space if its start fits, up to where it may break first; else indented on a line of its own. */
  | { readonly kind: "fluid"; readonly content: Layout };

export const widthMax = 100;
const step = 2;

export const line: Layout = { kind: "line", flat: " " };
export const softLine: Layout = { kind: "line", flat: "" };
export const trailingComma: Layout = { kind: "broken", text: "," };
export const group = (content: Layout): Layout => ({ kind: "group", content, isBroken: false });
/** A group that always breaks. */
export const broken = (content: Layout): Layout => ({ kind: "group", content, isBroken: true });
export const indent = (content: Layout): Layout => ({ kind: "indent", content });

export interface Place {
  /** Where the first line begins, counted from 0. */
  readonly column: number;
  /** The indentation that later lines start from. */
  readonly indentation: number;
  /** How many columns must stay free behind the last line. */
  readonly reserved: number;
}

interface Pending {
  readonly layout: Layout;
  readonly indentation: number;
  readonly isFlat: boolean;
}

/** The text of a layout that begins at `place`. */
export function print(layout: Layout, place: Place): string {
  const printer = new Printer(place);
  printer.put({ layout, indentation: place.indentation, isFlat: false });
  return printer.text.replaceAll(/ +$/gm, "");
}

class Printer {
  text = "";
  #column: number;
  readonly #reserved: number;
  /** What is still to print, the next one last. */
  readonly #rest: Pending[] = [];

  constructor({ column, reserved }: Place) {
    this.#column = column;
    this.#reserved = reserved;
  }

  put(first: Pending): void {
    for (let next: Pending | undefined = first; next !== undefined; next = this.#rest.pop()) {
      this.#step(next);
    }
  }

  #step({ layout, indentation, isFlat }: Pending): void {
    if (typeof layout === "string") this.#write(layout);
    else if (isSequence(layout)) {
      for (const part of layout.toReversed())
        this.#rest.push({ layout: part, indentation, isFlat });
    } else {
      switch (layout.kind) {
        case "group":
          this.#rest.push({
            layout: layout.content,
            indentation,
            isFlat: !layout.isBroken && (isFlat || this.#fits(layout.content)),
          });
          break;
        case "indent":
          this.#rest.push({ layout: layout.content, indentation: indentation + step, isFlat });
          break;
        case "line":
          this.#write(isFlat ? layout.flat : `\n${" ".repeat(indentation)}`);
          break;
        case "broken":
          if (!isFlat) this.#write(layout.text);
          break;
        case "fluid":
          this.#fluid(layout.content, indentation, isFlat);
          break;
      }
    }
  }

  #fluid(content: Layout, indentation: number, isFlat: boolean): void {
    const start: Layout = [" ", content];
    if (isFlat || this.#startFits(start)) this.#rest.push({ layout: start, indentation, isFlat });
    else {
      const inner = indentation + step;
      this.#write(`\n${" ".repeat(inner)}`);
      this.#rest.push({ layout: content, indentation: inner, isFlat });
    }
  }

  #write(text: string): void {
    this.text += text;
    const lastBreak = text.lastIndexOf("\n");
    this.#column = lastBreak < 0 ? this.#column + text.length : text.length - lastBreak - 1;
  }

  /** Whether `content` on one line, and what follows it up to the next break, leaves the width whole. */
  #fits(content: Layout): boolean {
    const flat = flatWidth(content, true);
    return flat.endsLine ? flat.width <= widthMax - this.#column : this.#restFits(flat.width);
  }

  /** The same of content that may break. */
  #startFits(content: Layout): boolean {
    const start = flatWidth(content, false);
    return start.endsLine ? start.width <= widthMax - this.#column : this.#restFits(start.width);
  }

  #restFits(before: number): boolean {
    const room = widthMax - this.#column;
    let width = before;
    for (const { layout, isFlat } of this.#rest.toReversed()) {
      const next = flatWidth(layout, isFlat);
      width += next.width;
      if (next.endsLine || width > room) return width <= room;
    }
    return width + this.#reserved <= room;
  }
}

const isSequence = (layout: Layout): layout is readonly Layout[] => Array.isArray(layout);

interface Width {
  readonly width: number;
  /** Whether a break was reached; `width` is what stands before it. */
  readonly endsLine: boolean;
}

/** How far a layout reaches in its line. A group that must break is wider than any line. */
function flatWidth(layout: Layout, isFlat: boolean): Width {
  if (typeof layout === "string") {
    const lineBreak = layout.indexOf("\n");
    return { width: lineBreak < 0 ? layout.length : lineBreak, endsLine: lineBreak >= 0 };
  }
  if (isSequence(layout)) return sequenceWidth(layout, isFlat);
  switch (layout.kind) {
    case "group":
      if (layout.isBroken && isFlat) return { width: Number.POSITIVE_INFINITY, endsLine: false };
      return flatWidth(layout.content, isFlat);
    case "indent":
      return flatWidth(layout.content, isFlat);
    case "fluid":
      return sequenceWidth([" ", layout.content], isFlat);
    case "line":
      return isFlat ? { width: layout.flat.length, endsLine: false } : { width: 0, endsLine: true };
    case "broken":
      return { width: isFlat ? 0 : layout.text.length, endsLine: false };
  }
}

function sequenceWidth(parts: readonly Layout[], isFlat: boolean): Width {
  let width = 0;
  for (const part of parts) {
    const next = flatWidth(part, isFlat);
    width += next.width;
    if (next.endsLine) return { width, endsLine: true };
  }
  return { width, endsLine: false };
}
