/**
 * A program that knows avsc and HTTP alone: it asks the registry by hand, and frames values by hand.
 * Nothing of streamgen is in here.
 */
import avsc from "avsc";

const mediaType = "application/vnd.schemaregistry.v1+json";

export class ForeignProgram {
  readonly #registry: string;
  readonly #types: Map<number, Promise<avsc.Type>> = new Map();

  constructor(registry: string) {
    this.#registry = registry;
  }

  /** Registers a schema, and gives what makes values of it. */
  async writer(subject: string, schema: object): Promise<(value: unknown) => Buffer> {
    const path = `${this.#registry}/subjects/${encodeURIComponent(subject)}/versions`;
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": mediaType },
      body: JSON.stringify({ schema: JSON.stringify(schema) }),
    });
    const { id, message } = (await answer.json()) as { id: number; message?: string };
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${message}`);
    const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
    return (value) => {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(id, 1);
      return Buffer.concat([head, type.toBuffer(value)]);
    };
  }

  /** The value of a record, by whatever schema it says. */
  async read(bytes: Buffer): Promise<Readonly<Record<string, unknown>>> {
    if (bytes[0] !== 0) throw new Error("no frame");
    const type = await this.#type(bytes.readUInt32BE(1));
    const value: unknown = type.fromBuffer(bytes.subarray(5));
    return JSON.parse(JSON.stringify(value));
  }

  #type(id: number): Promise<avsc.Type> {
    const known = this.#types.get(id);
    if (known !== undefined) return known;
    const asking = this.#ask(id);
    this.#types.set(id, asking);
    return asking;
  }

  async #ask(id: number): Promise<avsc.Type> {
    const answer = await fetch(`${this.#registry}/schemas/ids/${id}`);
    const { schema } = (await answer.json()) as { schema: string };
    return avsc.Type.forSchema(JSON.parse(schema), { wrapUnions: true });
  }
}

type Schema = Readonly<Record<string, unknown>>;
const field = (name: string, type: unknown, more: object = {}): Schema => ({ name, type, ...more });
const record = (name: string, ...fields: readonly Schema[]): Schema => ({
  ...{ type: "record", name, fields },
});

const card = record(
  "Card",
  field("network", {
    type: "enum",
    name: "CardNetwork",
    symbols: ["visa", "mastercard", "amex"],
  }),
  field("lastDigits", "string"),
);
const bank = record(
  "Bank",
  field("iban", "string"),
  field("bic", ["null", "string"], { default: null }),
);
const cash = record("Cash", field("branch", "int"));
const status = {
  ...{ type: "enum", name: "TransferStatus", symbols: ["booked", "pending", "refused"] },
};
const amount = { type: "bytes", logicalType: "decimal", precision: 12, scale: 2 };
const text = ["null", "string"];

/** Transfers as the worker knows them. */
export const transferSchema: Schema = record(
  "Transfer",
  field("id", { type: "string", logicalType: "uuid" }),
  field("sequence", "long"),
  ...[field("from", "string"), field("to", "string"), field("amount", amount)],
  field("method", [card, bank, cash]),
  field("status", status),
  ...[field("note", text), field("reference", text, { default: null })],
  field("tags", { type: "array", items: "string" }, { default: [] }),
  field("bookedAt", { type: "long", logicalType: "timestamp-millis" }),
);

/**
 * Transfers as an older program writes them: a smaller number, a field more, which has a default, two
 * less, which the worker has defaults for, another order, a union of other branches.
 */
export const olderTransferSchema: Schema = record(
  "Transfer",
  field("channel", "string", { default: "branch" }),
  field("bookedAt", { type: "long", logicalType: "timestamp-millis" }),
  field("amount", amount),
  ...[field("from", "string"), field("to", "string")],
  field("method", [cash, card]),
  field("sequence", "int"),
  ...[field("status", status), field("note", text)],
  field("id", "string"),
);

export const idOf = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const cents = (amount: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(amount);
  return bytes;
};

/** A transfer of some cents, as avsc has it: of now, as brokers delete what is old. */
export function transfer(number: number, from: string, to: string, amount: number): object {
  return {
    ...{ id: idOf(number), sequence: number, from, to, amount: cents(amount) },
    method: { Card: { network: "amex", lastDigits: "0005" } },
    ...{ status: "booked", note: { string: "rent" }, reference: null, tags: ["x"] },
    ...{ bookedAt: Date.now() + number * 1000, channel: "web" },
  };
}
