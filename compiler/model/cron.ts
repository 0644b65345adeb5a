/** A crontab line. A field that may have every value is left out of `fields`. */
export interface CronModel {
  /** As it is written. */
  readonly expression: string;
  /** A name of the IANA's. */
  readonly zone: string;
  readonly fields: Partial<Readonly<Record<CronFieldName, readonly CronRangeModel[]>>>;
  /** A day of the month or a weekday is enough; otherwise both must fit. */
  readonly eitherDay?: true;
  /** The hours begin with `*`: what the clocks show twice counts twice. */
  readonly eachHour?: true;
}

export type CronFieldName = "seconds" | "minutes" | "hours" | "days" | "months" | "weekdays";

/** Both ends belong to it. Weekdays are 0 to 6, Sunday first. */
export interface CronRangeModel {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}
