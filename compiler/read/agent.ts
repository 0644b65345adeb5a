import { streamNotAsync } from "../diagnostics/agents.ts";
import {
  agentDefault,
  agentGeneric,
  agentOverloaded,
  parameterNotPlain,
} from "../diagnostics/reading.ts";
import { pathFrom } from "../discover/place.ts";
import type {
  AgentModel,
  BodyModel,
  ResourceModel,
  TopicModel,
  TriggerModel,
} from "../model/topology.ts";
import { type AgentFunction, analyseBody, type BodyQuestion, type StreamKey } from "./body/body.ts";
import { analysePair } from "./body/pair.ts";
import { hintAtBody } from "./body-hints.ts";
import type { Candidate } from "./candidates.ts";
import { readReturn } from "./emission.ts";
import { checkFloating } from "./floating.ts";
import { hintAtOutside } from "./outside.ts";
import type { Reading } from "./reading.ts";
import { readResource } from "./resource.ts";
import { type ReadTrigger, readTrigger } from "./trigger.ts";
import { checkWindowUpdates } from "./window-updates.ts";
import { checkWindows } from "./window-use.ts";

/** Reads an agent's signature and body. `undefined` after a report. */
export function readAgent(reading: Reading, candidate: Candidate): AgentModel | undefined {
  const { name, fn, nameNode } = candidate;
  const kind = candidate.trigger.name;
  const isCallable = checkSignature(reading, candidate);
  const trigger = readTrigger(reading, candidate);
  const parameters = fn.getParameters().slice(1);
  const resources = parameters.flatMap((parameter, index) => {
    const place = { agent: name, fn, index: index + 2, trigger: kind };
    return readResource(reading, parameter, place) ?? [];
  });
  const { emits, async } = readReturn(reading, candidate);
  if (kind === "Stream" && !async) reading.report(streamNotAsync(name, reading.place(nameNode)));
  if (!isCallable || trigger === undefined || resources.length < parameters.length)
    return undefined;
  hintAtBody(reading, candidate, emits);
  hintAtOutside(reading, candidate);
  checkFloating(reading, candidate, resources);
  checkWindowUpdates(reading, candidate, resources);
  checkWindows(reading, { name, kind }, trigger, resources);
  const body = readBody(reading, fn, { kind, trigger, resources });
  const module = pathFrom(reading.discovered.root, fn.getSourceFile());
  return {
    name,
    ...(candidate.doc !== undefined && { doc: candidate.doc }),
    function: { module, name, external: false },
    trigger: trigger.model,
    resources,
    emits,
    onError: trigger.onError,
    ...(trigger.late !== undefined &&
      trigger.late.choice !== "drop" && { late: trigger.late.choice }),
    async,
    body,
    span: reading.place(nameNode),
  };
}

function readBody(
  reading: Reading,
  fn: AgentFunction,
  agent: {
    readonly kind: string;
    readonly trigger: ReadTrigger;
    readonly resources: readonly ResourceModel[];
  },
): BodyModel {
  const { model, topics = [] } = agent.trigger;
  const question = { resources: agent.resources, spanOf: reading.place };
  if (model.kind !== "join") {
    const key = streamKey(reading, topics);
    return analyseBody(fn, { ...question, trigger: bodyTrigger(agent.kind, model), key });
  }
  const keys = {
    left: { kind: "field", field: model.left.field },
    right: { kind: "field", field: model.right.field },
  } as const;
  return analysePair(fn, { ...question, keys });
}

const triggerKinds: Partial<Record<string, BodyQuestion["trigger"]>> = {
  Each: "value",
  Event: "event",
  Stream: "stream",
  Batch: "batch",
  // A change has its key and its value as an event has.
  Change: "event",
  Ask: "value",
};

function bodyTrigger(name: string, model: TriggerModel): BodyQuestion["trigger"] {
  // The rows of a key come with it, as an event's value does.
  if (model.kind === "table-join" || model.kind === "foreign-join") return "event";
  const isOfEvents = model.kind === "batch" && model.batch?.events === true;
  return isOfEvents ? "events" : (triggerKinds[name] ?? "other");
}

function streamKey(reading: Reading, topics: readonly TopicModel[]): StreamKey {
  const [key, ...others] = topics.map((topic) => topic.key);
  // Of several topics only what is the key of each is certainly the record's own.
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(key))) {
    return { kind: "unknown" };
  }
  if (key?.kind === "field") return { kind: "field", field: key.field };
  if (key?.kind !== "function") return { kind: "unknown" };
  const declaration = reading.keyFunctions.get(`${key.function.module}#${key.function.name}`);
  return declaration === undefined ? { kind: "unknown" } : { kind: "function", declaration };
}

/** Whether generated code can call the function with one argument for each parameter. */
function checkSignature(reading: Reading, { name, fn, nameNode }: Candidate): boolean {
  const span = reading.place(nameNode);
  if (name === "default") {
    reading.report(agentDefault(span));
    return false;
  }
  const [generic] = fn.getTypeParameters();
  if (generic !== undefined) {
    reading.report(agentGeneric(name, reading.place(generic)));
    return false;
  }
  if (isOverloaded(fn)) {
    reading.report(agentOverloaded(name, span));
    return false;
  }
  const odd = fn
    .getParameters()
    .find((one) => one.isRestParameter() || one.hasQuestionToken() || one.hasInitializer());
  if (odd === undefined) return true;
  reading.report(parameterNotPlain(name, odd.getName(), reading.place(odd)));
  return false;
}

const isOverloaded = (fn: AgentFunction): boolean =>
  "getOverloads" in fn && fn.getOverloads().length > 0;
