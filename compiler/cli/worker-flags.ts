import type { Flag } from "./flags.ts";

/**
 * The flags of a worker's program and its commands. They are the runtime's own: a test compares them,
 * for the compiler does not load the runtime.
 */
const clusterFlags: readonly Flag[] = [
  {
    name: "bootstrap",
    value: "host:port",
    help: "brokers to begin with, several with commas between them",
  },
  {
    name: "registry",
    value: "url",
    help: "the schema registry; several with commas between them",
  },
];

const stateFlag: Flag = { name: "state", value: "folder", help: "the folder of the tables" };

export const workerFlags: readonly Flag[] = [
  ...clusterFlags,
  {
    name: "delivery",
    value: "how",
    help: "exactly-once or at-least-once: what a crash may do to results",
  },
  { name: "commit-interval-ms", value: "number", help: "milliseconds between commits" },
  {
    name: "threads",
    value: "number",
    help: "threads of the worker; auto is one for each processor",
  },
  {
    name: "instance",
    value: "name",
    help: "this worker's name in its app, the same after a restart",
  },
  {
    name: "session-timeout-ms",
    value: "number",
    help: "milliseconds of silence until the worker is taken for dead",
  },
  {
    name: "pattern-refresh-ms",
    value: "number",
    help: "milliseconds between two looks for topics that match a pattern",
  },
  stateFlag,
  {
    name: "cache-bytes",
    value: "number",
    help: "bytes of rows that all threads together keep in memory",
  },
  {
    name: "web-port",
    value: "number",
    help: "port of requests and health; 6066 if functions answer requests",
  },
  {
    name: "web-host",
    value: "address",
    help: "address of that port; the default is for this machine only",
  },
  { name: "embedded", help: "use the embedded log, which lives in the process" },
  { name: "embedded-by-default", help: "use the embedded log unless brokers are configured" },
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
  { name: "show-outputs", help: "print the records of every topic that the pipeline only writes" },
  { name: "until-idle", help: "stop when all input is processed" },
  { name: "envelope", help: 'lines are {"key","value","timestamp","headers"}' },
  { name: "print-config", help: "print every setting and where it comes from, and end" },
];

export const sendFlags: readonly Flag[] = [
  ...clusterFlags,
  { name: "file", value: "file", help: "read this file; without it, standard input" },
  { name: "envelope", help: 'lines are {"key","value","timestamp","headers"}' },
];

export const tailFlags: readonly Flag[] = [
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
];

export const topicsFlags: readonly Flag[] = [
  ...clusterFlags,
  { name: "yes", help: "apply without asking" },
  { name: "external", help: "make external topics, too, where they are missing" },
];

export const commandFlags: readonly Flag[] = clusterFlags;

export const resetFlags: readonly Flag[] = [
  ...clusterFlags,
  stateFlag,
  { name: "dry-run", help: "only say what there is to do" },
  { name: "yes", help: "do it without asking" },
  {
    name: "to",
    value: "place",
    help: "where to begin: earliest, latest, a time; else as at first",
  },
];

export const dlqFlags: readonly Flag[] = [
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
];
