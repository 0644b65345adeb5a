/** What Confluent's registry refuses, with its codes and texts. */

/** An answer that is an error: the HTTP status, the registry's own code, and why. */
export class Refused extends Error {
  readonly status: number;
  readonly code: number;

  constructor(code: number, message: string, status: number = Math.floor(code / 100)) {
    super(message);
    this.name = "Refused";
    this.code = code;
    this.status = status;
  }
}

export const noSubject = (subject: string): Refused =>
  new Refused(40_401, `Subject '${subject}' not found.`);

export const noVersion = (version: number | string): Refused =>
  new Refused(40_402, `Version ${version} not found.`);

export const noSchema = (): Refused => new Refused(40_403, "Schema not found");

export const noSchemaId = (id: number): Refused => new Refused(40_403, `Schema ${id} not found`);

export const subjectDeleted = (subject: string): Refused =>
  new Refused(
    40_404,
    `Subject '${subject}' was soft deleted. Set permanent=true to delete permanently`,
  );

export const subjectNotDeleted = (subject: string): Refused =>
  new Refused(
    40_405,
    `Subject '${subject}' was not deleted first before being permanently deleted`,
  );

export const versionDeleted = (subject: string, version: number): Refused =>
  new Refused(
    40_406,
    `Subject '${subject}' Version ${version} was soft deleted. ` +
      "Set permanent=true to delete permanently",
  );

export const versionNotDeleted = (subject: string, version: number): Refused =>
  new Refused(
    40_407,
    `Subject '${subject}' Version ${version} was not deleted first before being ` +
      "permanently deleted",
  );

export const noSubjectLevel = (subject: string): Refused =>
  new Refused(40_408, `Subject '${subject}' does not have subject-level compatibility configured`);

export const noSubjectMode = (subject: string): Refused =>
  new Refused(40_409, `Subject '${subject}' does not have subject-level mode configured`);

export const incompatible = (subject: string, problems: readonly string[]): Refused =>
  new Refused(
    40_901,
    "Schema being registered is incompatible with an earlier schema for subject " +
      `"${subject}", details: [${problems.join(", ")}]`,
  );

export const invalidSchema = (reason: string): Refused =>
  new Refused(
    42_201,
    `Either the input schema or one its references is invalid. Details: ${reason}`,
  );

export const invalidVersion = (version: string): Refused =>
  new Refused(
    42_202,
    `The specified version '${version}' is not a valid version id. ` +
      'Allowed values are between [1, 2^31-1] and the string "latest"',
  );

export const invalidLevel = (): Refused =>
  new Refused(
    42_203,
    "Invalid compatibility level. Valid values are none, backward, forward, full, " +
      "backward_transitive, forward_transitive, and full_transitive",
  );

export const invalidMode = (): Refused =>
  new Refused(42_204, "Invalid mode. Valid values are READWRITE and READONLY.");

export const readOnly = (subject: string): Refused =>
  new Refused(42_205, `Subject ${subject} is in read-only mode`);

export const referenced = (subject: string, version: number): Refused =>
  new Refused(
    42_206,
    `One or more references exist to the schema {subject=${subject},version=${version}}.`,
  );

export const badRequest = (message: string): Refused => new Refused(400, message, 400);

export const noPath = (): Refused => new Refused(404, "HTTP 404 Not Found", 404);

export const noMethod = (): Refused => new Refused(405, "HTTP 405 Method Not Allowed", 405);

export const unauthorized = (): Refused => new Refused(401, "Unauthorized", 401);
