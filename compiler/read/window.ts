import type { Node } from "ts-morph";
import { badSpan } from "../diagnostics/topology.ts";
import {
  badWindow,
  gapsBetweenWindows,
  graceMissing,
  mergeLater,
  mergeMissing,
  tooManyWindows,
  unevenWindows,
} from "../diagnostics/windows.ts";
import type { WindowModel, WindowShapeModel } from "../model/topology.ts";
import { isAsync, readFunction } from "./function.ts";
import { readLiteral } from "./literal.ts";
import type { Option, Options } from "./options.ts";
import type { Reading } from "./reading.ts";
import { resolve, type Written } from "./resolve.ts";
import { spanMs } from "./span.ts";

/** Every write goes into each window that holds the event. */
const windowsMax = 1000;

interface Subject {
  readonly subject: string;
  /** Where the options are. */
  readonly place: Node;
}

/** How the windows of a table lie. `undefined` after a report. */
export function readWindow(
  reading: Reading,
  options: Options,
  { subject, place }: Subject,
): WindowModel | undefined {
  const window = options.get("window");
  const shape =
    window === undefined
      ? reportWindow(reading, "nothing", { subject, place })
      : readShape(reading, window, subject);
  const grace = options.get("grace");
  if (grace === undefined) reading.report(graceMissing(subject, reading.place(place)));
  const graceMs = grace && readLength(reading, grace.type, subject);
  const expires = options.get("expires");
  const expiresMs = expires === undefined ? 0 : readLength(reading, expires.type, subject);
  if (shape === undefined || graceMs === undefined || expiresMs === undefined) return undefined;
  return { ...shape, graceMs, expiresMs };
}

function reportWindow(reading: Reading, text: string, { subject, place }: Subject): undefined {
  reading.report(badWindow(text, subject, reading.place(place)));
  return undefined;
}

function readShape(
  reading: Reading,
  window: Option,
  subject: string,
): WindowShapeModel | undefined {
  const type = resolve(reading, window.type);
  if (type.kind === "unresolved") return undefined;
  const [size, advance] = type.kind === "library" ? type.arguments : [];
  const name = type.kind === "library" ? type.name : undefined;
  if (size === undefined || name === undefined || !windowNames.has(name)) {
    return reportWindow(reading, window.node.getText(), { subject, place: window.node });
  }
  const sizeMs = readLength(reading, size, subject, 1);
  if (name === "Session") return readSession(reading, advance, sizeMs, { subject, window });
  if (name === "Sliding") return sizeMs === undefined ? undefined : { kind: "sliding", sizeMs };
  if (name === "Tumbling") return sizeMs === undefined ? undefined : { sizeMs, advanceMs: sizeMs };
  const advanceMs = advance && readLength(reading, advance, subject, 1);
  if (advance === undefined || sizeMs === undefined || advanceMs === undefined) return undefined;
  checkHops(reading, { sizeMs, advanceMs }, { size, advance, window, subject });
  return { sizeMs, advanceMs };
}

const windowNames: ReadonlySet<string> = new Set(["Tumbling", "Hopping", "Sliding", "Session"]);

function readSession(
  reading: Reading,
  merge: Written | undefined,
  gapMs: number | undefined,
  { subject, window }: { readonly subject: string; readonly window: Option },
): WindowShapeModel | undefined {
  if (merge === undefined) {
    reading.report(mergeMissing(subject, reading.place(window.node)));
    return undefined;
  }
  const fn = readFunction(reading, merge);
  if (fn === undefined || gapMs === undefined) return undefined;
  if (isAsync(fn)) {
    reading.report(mergeLater(fn.model.name, subject, reading.place(merge.node)));
    return undefined;
  }
  return { kind: "session", gapMs, merge: fn.model };
}

type Hopping = Extract<WindowShapeModel, { readonly advanceMs: number }>;

interface Hops {
  readonly size: Written;
  readonly advance: Written;
  readonly window: Option;
  readonly subject: string;
}

function checkHops(reading: Reading, { sizeMs, advanceMs }: Hopping, hops: Hops): void {
  const { subject, window } = hops;
  const span = reading.place(window.node);
  const text = ({ node }: Written): string => node.getText().replace(/^["']|["']$/g, "");
  const written = { size: text(hops.size), advance: text(hops.advance) };
  const count = Math.ceil(sizeMs / advanceMs);
  if (advanceMs > sizeMs) reading.report(gapsBetweenWindows(written, subject, span));
  else if (count > windowsMax) reading.report(tooManyWindows({ ...written, count }, subject, span));
  else if (sizeMs % advanceMs !== 0) reading.report(unevenWindows(written, subject, span));
}

/** A length of time in milliseconds, at least `leastMs`. `undefined` after a report. */
export function readLength(
  reading: Reading,
  written: Written,
  subject: string,
  leastMs = 0,
): number | undefined {
  const literal = readLiteral(reading, written);
  const text = literal?.kind === "text" ? literal.value : undefined;
  const ms = text !== undefined && /^0+(ms|s|m|h|d)$/.test(text) ? 0 : spanMs(text ?? "");
  if (ms !== undefined && ms >= leastMs) return ms;
  reading.report(badSpan(text ?? written.node.getText(), subject, reading.place(written.node)));
  return undefined;
}
