/** SG37: what tables can do, and what their declarations ask for. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error } from "./report.ts";

/** SG3701: a range over keys that stores do not sort. */
export const rangeOverRecords = (
  method: string,
  table: { readonly name: string; readonly key: string },
  span: Span,
  declared: Span,
): Diagnostic =>
  error({
    code: "SG3701",
    span,
    message: `"${method}" goes through keys in their order, but the keys of table "${table.name}" are records, which are not stored in any`,
    related: [{ message: `its keys are of type ${table.key}`, span: declared }],
    fix: 'use a key that sorts, such as a text that holds the fields in turn, or walk "entries()"',
  });

/** SG3702: keys that begin with nothing. */
export const prefixOfNoText = (table: string, span: Span, declared: Span): Diagnostic =>
  error({
    code: "SG3702",
    span,
    message: `"prefix" asks for keys that begin with a text, but the keys of table "${table}" are no texts`,
    related: [{ message: `table "${table}" is declared here`, span: declared }],
    fix: 'use "range(from, to)"',
  });

/** SG3703: elements that may be missing, or that have no bytes to compare. */
export const badElement = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3703",
    span,
    message: `${subject} has elements of ${text}, which is nullable, a collection or a nested record`,
    fix: "give it required scalars, or records of such; other values belong into the rows of a Table",
  });

/** SG3704: an index over a field that has no bytes to compare. */
export const badIndex = (field: string, subject: string, span: Span, declared: Span): Diagnostic =>
  error({
    code: "SG3704",
    span,
    message: `${subject} has an index over "${field}", which is a collection or a record`,
    related: [{ message: `"${field}" is declared here`, span: declared }],
    fix: "index a field that holds a scalar, or keep what belongs together in a SetTable",
  });

/** SG3705: one index twice. */
export const indexTwice = (field: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG3705",
    span,
    message: `${subject} has two indexes over "${field}"`,
    fix: "leave one of them out",
  });
