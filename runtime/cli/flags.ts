import { settingFlags } from "../worker/settings/setting-flags.ts";

/** One flag: the parser and the help read it. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** What stands for the value; a flag without one is a switch. */
  readonly value?: string;
  readonly isRepeatable?: boolean;
  readonly help: string;
}

export interface Command {
  readonly name: CommandName;
  /** What has to follow the command's name. */
  readonly operand?: string;
  /** What has to follow that. */
  readonly object?: string;
  readonly help: string;
  readonly flags: readonly Flag[];
  /** What follows the operand is not this program's to understand. */
  readonly leavesRest?: true;
}

export type CommandName = "worker" | "send" | "tail" | "topics" | "dlq" | "reset" | "run-command";

/** Where the cluster is. */
const clusterFlags: readonly Flag[] = settingFlags.filter(
  ({ name }) => name === "bootstrap" || name === "registry",
);
const otherSettings: readonly Flag[] = settingFlags.filter((flag) => !clusterFlags.includes(flag));
const stateFlags: readonly Flag[] = settingFlags.filter(({ name }) => name === "state");

const envelope: Flag = {
  name: "envelope",
  help: 'lines are {"key","value","timestamp","headers"}',
};

/** Flags that every command takes. */
export const sharedFlags: readonly Flag[] = [
  { name: "quiet", help: "print warnings and errors only" },
  { name: "verbose", help: "print what agents log with ctx.log.debug, too" },
  { name: "json", help: "print JSON lines, for programs" },
  { name: "help", short: "h", help: "print this text" },
];

/** What a worker's program does; without a name it is the first. */
export const commands: readonly Command[] = [
  {
    name: "worker",
    help: "run the pipeline",
    flags: [
      ...clusterFlags,
      ...otherSettings,
      { name: "embedded", help: "use the embedded log, which lives in the process" },
      {
        name: "embedded-by-default",
        help: "use the embedded log unless brokers are configured",
      },
      {
        name: "input",
        value: "topic=file",
        isRepeatable: true,
        help: "send JSON lines to an embedded topic; - is standard input",
      },
      {
        name: "output",
        value: "topic=file",
        isRepeatable: true,
        help: "write a topic's records as JSON lines when the worker stops",
      },
      {
        name: "show",
        value: "topic",
        isRepeatable: true,
        help: "print a topic's records as they come",
      },
      {
        name: "show-outputs",
        help: "print the records of every topic that the pipeline only writes",
      },
      { name: "until-idle", help: "stop when all input is processed" },
      envelope,
      { name: "print-config", help: "print every setting and where it comes from, and end" },
    ],
  },
  {
    name: "send",
    operand: "topic",
    help: "send JSON lines to a topic",
    flags: [
      ...clusterFlags,
      { name: "file", value: "file", help: "read this file; without it, standard input" },
      envelope,
    ],
  },
  {
    name: "tail",
    operand: "topic",
    help: "print a topic's records as JSON lines",
    flags: [
      ...clusterFlags,
      {
        name: "from",
        value: "place",
        help: "start, end, an offset, or a time such as 2026-11-21T09:30:00Z",
      },
      { name: "max", value: "number", help: "end after so many records" },
      { name: "partition", value: "number", help: "read this partition only" },
      { name: "follow", help: "wait for more at the end; the default on a terminal" },
      { name: "no-follow", help: "end where the topic ended when the command began" },
      { name: "envelope", help: "print key, headers, time, partition and offset beside the value" },
    ],
  },
  {
    name: "topics",
    operand: "plan|apply",
    help: "compare the topics with those the pipeline needs, or make them so",
    flags: [
      ...clusterFlags,
      { name: "yes", help: "apply without asking" },
      { name: "external", help: "make external topics, too, where they are missing" },
    ],
  },
  {
    name: "dlq",
    operand: "list|replay",
    object: "topic",
    help: "look at dead letters, or send them again",
    flags: [
      ...clusterFlags,
      {
        name: "where",
        value: "name=value",
        isRepeatable: true,
        help: "only with this code, agent, topic, partition, offset or message",
      },
      { name: "max", value: "number", help: "at most so many" },
      { name: "to", value: "place", help: "where to replay them: source, or a topic" },
      { name: "again", help: "replay those, too, that were replayed before" },
      { name: "dry-run", help: "only say what there is to do" },
      { name: "yes", help: "do it without asking" },
    ],
  },
  {
    name: "reset",
    help: "forget what was processed: offsets, internal topics and local state",
    flags: [
      ...clusterFlags,
      ...stateFlags,
      { name: "dry-run", help: "only say what there is to do" },
      { name: "yes", help: "do it without asking" },
      {
        name: "to",
        value: "place",
        help: "where to begin: earliest, latest, a time; else as at first",
      },
    ],
  },
  {
    name: "run-command",
    operand: "name",
    leavesRest: true,
    help: "call a command of the pipeline, with its own flags",
    flags: clusterFlags,
  },
];

/** A command's flags and those that every command takes. */
export function flagsOf(command: Command): readonly Flag[] {
  return [...command.flags, ...sharedFlags];
}
