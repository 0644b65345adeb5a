import { type AskModel, isAsk } from "../../model/asks.ts";
import type { ChannelModel } from "../../model/channel.ts";
import type { AgentModel } from "../../model/topology.ts";
import type { TypeModel } from "../../model/type.ts";
import { answerAlias } from "../asks.ts";
import { code, doc, ident } from "../code.ts";
import { hasOwnCodec, valueCodecName, valuesFile } from "../codec-text.ts";
import type { EmitContext } from "../file.ts";
import { header } from "../imports.ts";
import { lowerFirst } from "../names.ts";
import type { OutputFile } from "../output-file.ts";
import { render, type View } from "../render.ts";
import { bodyAlias } from "../route.ts";
import { typeText } from "../type-text.ts";
import { fromJsonExpression } from "./from-json.ts";
import { ModelIndex } from "./model-index.ts";
import { readExpression } from "./read.ts";
import { typeSchemaCode } from "./schema.ts";
import { toJsonExpression } from "./to-json.ts";
import { CodecUnit } from "./unit.ts";
import { writeStatement } from "./write.ts";

/** A topic, table or request whose values are no records. */
interface Holder {
  readonly alias: string;
  readonly value: TypeModel;
  readonly name: string;
}

const channelHolder = ({ alias, name, value }: ChannelModel): Holder => ({ alias, name, value });

/** `values.ts`: codecs of the topics and tables whose values are no records; no file without any. */
export function emitValues(context: EmitContext): readonly OutputFile[] {
  const { topics, tables, agents } = context.program;
  const rows = tables.filter(({ kind }) => kind !== "set");
  const holders = [
    ...topics,
    ...rows,
    ...(context.program.channels ?? []).map(channelHolder),
    ...agents.flatMap(bodyOf),
    ...agents.filter(isAsk).flatMap(answerOf),
  ].filter(({ value }) => hasOwnCodec(value));
  if (holders.length === 0) return [];
  const unit = new CodecUnit(valuesFile, context, new ModelIndex(context.program));
  for (const { alias } of holders) unit.file.imports.declare(valueCodecName(alias));
  const values = holders.map((holder) => valueView(unit, holder));
  const view = {
    header: header(),
    values,
    parts: unit.parts,
    declarations: unit.declarations,
    imports: unit.file.imports.code(),
  };
  return [{ path: valuesFile, text: render("values", view) }];
}

/** The body that a function of the web reads. */
function bodyOf(agent: AgentModel): readonly Holder[] {
  const { trigger } = agent;
  if (trigger.kind !== "web" || trigger.body === undefined) return [];
  const name = `${trigger.method} ${trigger.path}`;
  return [{ alias: bodyAlias(agent), value: trigger.body, name }];
}

/** What a function answers. */
function answerOf(ask: AskModel): readonly Holder[] {
  const { answer: value } = ask.trigger;
  const name = `an answer of ${ask.name}`;
  return value === undefined ? [] : [{ alias: answerAlias(ask), value, name }];
}

function valueView(unit: CodecUnit, { alias, value: type, name }: Holder): View {
  const place = lowerFirst(alias);
  const value = code`value`;
  return {
    doc: doc(`What "${name}" holds.`),
    codec: ident(valueCodecName(alias)),
    codecType: code`${unit.runtimeType("Codec")}<${typeText(unit.file, type)}>`,
    schema: typeSchemaCode(unit.index, type, {
      record: (record) => code`${unit.recordPart("codec", record)}.schema`,
      symbols: (name) => unit.symbols(name),
    }),
    write: writeStatement(unit, type, value, place),
    read: readExpression(unit, type, place),
    toJson: toJsonExpression(unit, type, value, place),
    fromJson: fromJsonExpression(unit, type, code`json`, place),
  };
}
