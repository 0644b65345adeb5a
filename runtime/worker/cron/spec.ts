/**
 * A crontab line that the compiler has checked: for each field numbers and ranges, such as
 * `"0-59/15,7"`. A field that is left out may have every value; weekdays are 0 to 6, Sunday first.
 */
export interface CronSpec {
  /** A name of the IANA's, such as "Europe/Berlin". */
  readonly zone: string;
  readonly seconds?: string;
  readonly minutes?: string;
  readonly hours?: string;
  readonly days?: string;
  readonly months?: string;
  readonly weekdays?: string;
  /** A day of the month or a weekday is enough; otherwise both must fit. */
  readonly eitherDay?: true;
  /** It goes by the hours that there are, not by those of an ordinary day. */
  readonly eachHour?: true;
}
