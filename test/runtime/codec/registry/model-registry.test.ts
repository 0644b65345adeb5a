/** The model registry answers as Confluent's does: paths, codes and texts. */
import assert from "node:assert/strict";
import test, { after, type TestContext } from "node:test";
import { parseSchema } from "../../../../runtime/avro/parse.ts";
import { modelRegistry, serveModelRegistry } from "../../../../runtime/codec/registry/index.ts";
import {
  incompatibilities,
  levelOf,
} from "../../../../runtime/codec/registry/model/compatibility.ts";
import { registryContract } from "./contract.ts";
import { field, record, serve } from "./serving.ts";

const shared = serveModelRegistry(modelRegistry());
after(async () => (await shared).close());
registryContract({ name: "the model", skip: false, url: async () => (await shared).url });

interface Asked {
  readonly status: number;
  readonly body: unknown;
}

type Ask = (call: string, body?: unknown) => Promise<Asked>;

/** Asks a registry of the test's own: `GET /path`. */
async function asking(t: TestContext): Promise<Ask> {
  const { url } = await serve(t);
  return async (call, body) => {
    const [method = "", path = ""] = call.split(" ");
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(url + path, { method, ...(body !== undefined && { body: text }) });
    return { status: answer.status, body: await answer.json() };
  };
}

const ok = (body: unknown): Asked => ({ status: 200, body });
const refused = (status: number, code: number, message: string): Asked => ({
  ...{ status, body: { error_code: code, message } },
});

const v1 = record("shop.Order", field("id", "string"), field("n", "int"));
const v2 = record("shop.Order", field("id", "string"), field("n", "long"));
const bad = record("shop.Order", field("id", "string"), field("must", "string"));

test("schemas by subject, version and id", async (t) => {
  const ask = await asking(t);
  assert.deepEqual(await ask("GET /subjects"), ok([]));
  assert.deepEqual(await ask("POST /subjects/o-value/versions", { schema: v1 }), ok({ id: 1 }));
  assert.deepEqual(await ask("POST /subjects/o-value/versions", { schema: v2 }), ok({ id: 2 }));
  const second = { subject: "o-value", version: 2, id: 2, schema: v2 };
  assert.deepEqual(await ask("POST /subjects/o-value", { schema: v2 }), ok(second));
  assert.deepEqual(await ask("GET /subjects/o-value/versions"), ok([1, 2]));
  assert.deepEqual(await ask("GET /subjects/o-value/versions/latest"), ok(second));
  assert.deepEqual(await ask("GET /subjects/o-value/versions/2/schema"), ok(JSON.parse(v2)));
  assert.deepEqual(await ask("GET /schemas/ids/1"), ok({ schema: v1 }));
  assert.deepEqual(await ask("GET /schemas/ids/1/schema"), ok(JSON.parse(v1)));
  assert.deepEqual(await ask("GET /schemas/ids/1/subjects"), ok(["o-value"]));
  assert.deepEqual(
    await ask("GET /schemas/ids/2/versions"),
    ok([{ subject: "o-value", version: 2 }]),
  );
  assert.deepEqual(await ask("GET /schemas/types"), ok(["AVRO"]));
  assert.deepEqual(await ask("GET /subjects?subjectPrefix=x"), ok([]));
});

test("spaces and the order of attributes make no other schema, other words do", async (t) => {
  const ask = await asking(t);
  const add = (schema: object) =>
    ask("POST /subjects/o/versions", { schema: JSON.stringify(schema, null, 2) });
  const fields = [{ name: "a", type: "int" }];
  assert.deepEqual(await add({ type: "record", name: "R", fields }), ok({ id: 1 }));
  assert.deepEqual(await add({ fields, namespace: "", name: "R", type: "record" }), ok({ id: 1 }));
  assert.deepEqual(await add({ type: "record", name: "R", doc: "Words.", fields }), ok({ id: 2 }));
});

test("what is not there, and what is no request", async (t) => {
  const ask = await asking(t);
  await ask("POST /subjects/o/versions", { schema: v1 });
  const cases: readonly (readonly [string, unknown, Asked])[] = [
    ["GET /schemas/ids/9", undefined, refused(404, 40403, "Schema 9 not found")],
    ["GET /subjects/x/versions", undefined, refused(404, 40401, "Subject 'x' not found.")],
    ["GET /subjects/o/versions/9", undefined, refused(404, 40402, "Version 9 not found.")],
    ["POST /subjects/x", { schema: v1 }, refused(404, 40401, "Subject 'x' not found.")],
    ["POST /subjects/o", { schema: bad }, refused(404, 40403, "Schema not found")],
    ["GET /nothing", undefined, refused(404, 404, "HTTP 404 Not Found")],
    ["PUT /subjects", {}, refused(405, 405, "HTTP 405 Method Not Allowed")],
    ["POST /subjects/o/versions", '{"schema":', refused(400, 400, "Unable to process JSON")],
  ];
  for (const [call, body, expected] of cases) {
    assert.deepEqual(await ask(call, body), expected, call);
  }
  for (const version of ["0", "abc", "-1", "2147483648"]) {
    const { status, body } = await ask(`GET /subjects/o/versions/${version}`);
    assert.equal(status, 422);
    assert.equal((body as { error_code: number }).error_code, 42_202);
  }
  for (const schema of ["", "{", '{"type":"record","name":"X"}', '"Unknown"']) {
    const { status, body } = await ask("POST /subjects/o/versions", { schema });
    assert.deepEqual([status, (body as { error_code: number }).error_code], [422, 42_201]);
  }
  const wrongDefault = record("X", field("a", "int", { default: "no" }));
  const { body } = await ask("POST /subjects/d/versions", { schema: wrongDefault });
  assert.match((body as { message: string }).message, /Invalid default for field a: "no"/);
});

test("levels are the subject's own, or the global one", async (t) => {
  const ask = await asking(t);
  assert.deepEqual(await ask("GET /config"), ok({ compatibilityLevel: "BACKWARD" }));
  const none = "Subject 'o' does not have subject-level compatibility configured";
  assert.deepEqual(await ask("GET /config/o"), refused(404, 40408, none));
  assert.deepEqual(
    await ask("GET /config/o?defaultToGlobal=true"),
    ok({ compatibilityLevel: "BACKWARD" }),
  );
  await ask("POST /subjects/o/versions", { schema: v1 });
  const { status, body } = await ask("POST /subjects/o/versions", { schema: bad });
  assert.equal(status, 409);
  assert.equal((body as { error_code: number }).error_code, 40_901);
  assert.match((body as { message: string }).message, /earlier schema for subject "o"/);
  assert.deepEqual(
    await ask("PUT /config/o", { compatibility: "none" }),
    ok({ compatibility: "NONE" }),
  );
  assert.deepEqual(await ask("POST /subjects/o/versions", { schema: bad }), ok({ id: 2 }));
  assert.deepEqual(await ask("DELETE /config/o"), ok("NONE"));
  assert.equal((await ask("PUT /config", { compatibility: "SIDEWAYS" })).status, 422);
});

test("compatibility is asked without registering", async (t) => {
  const ask = await asking(t);
  await ask("POST /subjects/o/versions", { schema: v1 });
  const path = "POST /compatibility/subjects/o/versions";
  assert.deepEqual(await ask(`${path}/latest`, { schema: v2 }), ok({ is_compatible: true }));
  const { body } = await ask(`${path}/latest?verbose=true`, { schema: bad });
  assert.deepEqual(body, {
    is_compatible: false,
    messages: ['field "must": it was not written, and has no default'],
  });
  assert.deepEqual(await ask(path, { schema: bad }), ok({ is_compatible: false }));
  assert.equal((await ask(`${path}/9`, { schema: v1 })).status, 404);
  const unknown = await ask("POST /compatibility/subjects/x/versions/latest", { schema: v1 });
  assert.deepEqual(unknown, refused(404, 40401, "Subject 'x' not found."));
  assert.deepEqual(await ask("GET /subjects/o/versions"), ok([1]));
});

test("a read-only subject takes nothing new", async (t) => {
  const ask = await asking(t);
  await ask("POST /subjects/o/versions", { schema: v1 });
  assert.deepEqual(await ask("PUT /mode/o", { mode: "READONLY" }), ok({ mode: "READONLY" }));
  assert.deepEqual(
    await ask("POST /subjects/o/versions", { schema: v2 }),
    refused(422, 42205, "Subject o is in read-only mode"),
  );
  assert.deepEqual(await ask("POST /subjects/o/versions", { schema: v1 }), ok({ id: 1 }));
  assert.equal((await ask("PUT /mode", { mode: "SLEEPY" })).status, 422);
  assert.deepEqual(await ask("GET /mode"), ok({ mode: "READWRITE" }));
});

test("versions are deleted softly first", async (t) => {
  const ask = await asking(t);
  await ask("POST /subjects/o/versions", { schema: v1 });
  await ask("POST /subjects/o/versions", { schema: v2 });
  const code = async (call: string) => {
    const { status, body } = await ask(call);
    return [status, (body as { error_code: number }).error_code];
  };
  assert.deepEqual(await code("DELETE /subjects/o/versions/1?permanent=true"), [404, 40_407]);
  assert.deepEqual(await ask("DELETE /subjects/o/versions/1"), ok(1));
  assert.deepEqual(await code("DELETE /subjects/o/versions/1"), [404, 40_406]);
  assert.deepEqual(await ask("GET /subjects/o/versions"), ok([2]));
  assert.deepEqual(await ask("GET /subjects/o/versions?deleted=true"), ok([1, 2]));
  assert.deepEqual(await ask("GET /schemas/ids/1"), ok({ schema: v1 }));
  assert.deepEqual(await ask("DELETE /subjects/o/versions/1?permanent=true"), ok(1));
  assert.deepEqual(await code("GET /schemas/ids/1"), [404, 40_403]);
  assert.deepEqual(await code("DELETE /subjects/o?permanent=true"), [404, 40_405]);
  assert.deepEqual(await ask("DELETE /subjects/o"), ok([2]));
  assert.deepEqual(await code("DELETE /subjects/o"), [404, 40_404]);
  assert.deepEqual(await ask("GET /subjects"), ok([]));
  assert.deepEqual(await ask("GET /subjects?deleted=true"), ok(["o"]));
  assert.deepEqual(await ask("POST /subjects/o/versions", { schema: v2 }), ok({ id: 2 }));
  assert.deepEqual(await ask("GET /subjects/o/versions"), ok([3]));
});

test("what is referred to is not deleted", async (t) => {
  const ask = await asking(t);
  await ask("POST /subjects/city/versions", { schema: record("City", field("n", "string")) });
  const person = record("Person", field("home", "City"));
  const references = [{ name: "City", subject: "city", version: 1 }];
  assert.equal((await ask("POST /subjects/p/versions", { schema: person })).status, 422);
  const answer = await ask("POST /subjects/p/versions", { schema: person, references });
  assert.deepEqual(answer, ok({ id: 2 }));
  assert.deepEqual(await ask("GET /schemas/ids/2"), ok({ schema: person, references }));
  assert.deepEqual(await ask("GET /subjects/city/versions/1/referencedby"), ok([2]));
  const { status, body } = await ask("DELETE /subjects/city/versions/1");
  assert.deepEqual([status, (body as { error_code: number }).error_code], [422, 42_206]);
});

test("each level compares what it is for", () => {
  const of = (...types: readonly unknown[]) =>
    parseSchema(record("R", ...types.map((type, index) => field(`f${index}`, type))));
  const int = of("int");
  const long = of("long");
  const allowed = (level: string, next: typeof int, ...earlier: readonly (typeof int)[]) => {
    const found = levelOf(level);
    assert.ok(found !== undefined);
    return incompatibilities(next, earlier, found).length === 0;
  };
  assert.deepEqual(
    ["NONE", "BACKWARD", "FORWARD", "FULL"].map((level) => allowed(level, long, int)),
    [true, true, false, false],
  );
  assert.deepEqual(
    ["BACKWARD", "FORWARD", "FULL"].map((level) => allowed(level, int, long)),
    [false, true, false],
  );
  // The last version would do, the one before would not.
  assert.equal(allowed("BACKWARD", int, long, int), true);
  assert.equal(allowed("BACKWARD_TRANSITIVE", int, long, int), false);
  assert.equal(allowed("FORWARD_TRANSITIVE", long, int, long), false);
  assert.equal(allowed("FULL_TRANSITIVE", int, int, int), true);
  assert.equal(allowed("FULL", int), true);
});
