/** SG2: records and their fields, where Avro cannot have them, or most likely not as they are meant. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error, info, warning } from "./report.ts";
import { shorten } from "./shorten.ts";

/** SG2004: a method or call signature in a record. */
export const methodInRecord = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2004",
    span,
    message: `${subject} has "${text.replace(/\s+/g, " ").slice(0, 60)}", which is no field`,
    fix: "make it a function that takes the record",
  });

/** SG2016: an index signature among fields. */
export const indexBesideFields = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2016",
    span,
    message: `${subject} has an index signature beside its fields`,
    fix: "move the free names into a field of their own: Record<string, T>",
  });

/** SG2017: a field whose name or type is not written. */
export const computedField = (name: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2017",
    span,
    message: `${subject} has the field ${name}, whose name or type is not written`,
    fix: "write the name as an identifier, and a type after it",
  });

/** SG2022: a record that always holds another one of itself. */
export const endlessValue = (record: string, field: string, span: Span): Diagnostic =>
  error({
    code: "SG2022",
    span,
    message: `a value of ${record} would never end, because "${field}" always holds another one`,
    fix: `make it optional (${field}?: …), nullable or an array`,
  });

/** SG2023: a generic record that makes ever larger instances of itself. */
export const endlessRecord = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2023",
    span,
    message: `${shorten(subject)} is a generic record that holds ever larger instances of itself`,
    fix: "give the inner instance the same type arguments as the outer one",
  });

/** SG2024: a field's name that Avro does not allow. */
export const badFieldName = (name: string, span: Span): Diagnostic =>
  error({
    code: "SG2024",
    span,
    message: `field ${JSON.stringify(name)} has a name that Avro does not allow`,
    fix: `give it a name on the wire: Field<T, { name: "${name.replace(/\W+/g, "_").replace(/^(?=\d)|^$/, "_")}" }>`,
  });

/** SG2025: two fields with one name on the wire. */
export const sameWireName = (name: string, other: string, span: Span, first: Span): Diagnostic =>
  error({
    code: "SG2025",
    span,
    message: `fields "${other}" and "${name}" share a name or alias on the wire`,
    related: [{ message: `"${other}" is declared here`, span: first }],
    fix: "give one of them another name, or remove the alias",
  });

/** SG2026: a default that is no value of the type. */
export const badDefault = (text: string, subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2026",
    span,
    message: `the default ${shorten(text)} is no value of ${subject}`,
    fix: "write a literal that fits the type, in its range and form",
  });

/** SG2029: a record that generated code cannot import. */
export const unexportedRecord = (
  record: { readonly name: string; readonly subject: string; readonly isForeign: boolean },
  span: Span,
): Diagnostic =>
  error({
    code: "SG2029",
    span,
    message: `${record.name} is used in ${record.subject}, but its module does not export it by name`,
    fix: record.isForeign
      ? `export ${record.name} from the package's entry, where the pipeline imports the package`
      : `write "export" before ${record.name}, at the top of its module`,
  });

/** SG2030: a number that is probably meant to be whole. */
export const smellsLikeCount = (subject: string, span: Span): Diagnostic =>
  warning({
    code: "SG2030",
    span,
    message: `${subject} is a number, which is a double on the wire, but its name says that it counts`,
    fix: "write Int; or Double, to say that a double is meant",
  });

/** SG2031: two ways of not being there. */
export const optionalAndNullable = (subject: string, span: Span): Diagnostic =>
  info({
    code: "SG2031",
    span,
    message: `${subject} is optional and nullable, which is the same on the wire`,
    fix: "leave one of `?` and `| null`; what is missing reads as absent",
  });

/** SG2033: `Field` where there is no field. */
export const fieldInside = (subject: string, span: Span): Diagnostic =>
  error({
    code: "SG2033",
    span,
    message: `${subject} has "Field" inside of its type, where there is no field for the options`,
    fix: "write Field<…> around the whole type of a record's field",
  });
