import type { Node } from "ts-morph";
import { badTopicName, topicNameTooLong } from "../diagnostics/topology.ts";
import type { Reading } from "./reading.ts";

/** What Kafka takes for a topic's name. */
const topicNameLengthMax = 249;

export function checkTopicName(reading: Reading, name: string, node: Node): void {
  const span = reading.place(node);
  if (!/^[A-Za-z0-9._-]+$/.test(name) || name === "." || name === "..") {
    reading.report(badTopicName(name, span));
  } else if (name.length > topicNameLengthMax) reading.report(topicNameTooLong(name, span));
}
