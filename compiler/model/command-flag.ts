/** An argument of a command, as it is typed. */
export interface CommandFlagModel {
  /** `dry-run` */
  readonly name: string;
  /** `dryRun` */
  readonly property: string;
  readonly kind: "switch" | "text" | "number";
  readonly isList?: true;
  readonly isOptional?: true;
  readonly choices?: readonly string[];
  readonly help?: string;
}
