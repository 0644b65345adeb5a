import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { type ManualClock, manualClock } from "../../../../runtime/clock.ts";
import {
  type Interference,
  type RegistryClientOptions,
  type RegistrySettings,
  registryClient,
} from "../../../../runtime/codec/registry/index.ts";
import { StreamgenError } from "../../../../runtime/errors.ts";
import { field, record, serve } from "./serving.ts";

const order = record("shop.Order", field("id", "string"));
const other = record("shop.Other", field("id", "long"));

const failsWith =
  (code: string, ...parts: readonly (string | RegExp)[]) =>
  (error: unknown): true => {
    assert.ok(error instanceof StreamgenError, String(error));
    assert.equal(error.code, code, error.message);
    for (const part of parts) {
      if (typeof part === "string") assert.ok(error.message.includes(part), error.message);
      else assert.match(error.message, part);
    }
    return true;
  };

/** A clock that goes on by itself: pauses are over at once, and remembered. */
function hurried(): ManualClock & { readonly pauses: number[] } {
  const clock = manualClock(1_000_000);
  const pauses: number[] = [];
  return {
    now: clock.now,
    advance: clock.advance,
    get nextDue() {
      return clock.nextDue;
    },
    timer: () => ({ cancel: () => undefined }),
    pauses,
    async sleep(delayMs) {
      pauses.push(delayMs);
      await clock.advance(delayMs);
    },
  };
}

const client = (
  urls: readonly string[],
  more: Partial<RegistrySettings & RegistryClientOptions> = {},
) => registryClient({ urls, ...more }, { random: () => 0.5, ...more });

test("a schema is registered once, found by its id and by its subject", async (t) => {
  const { url, calls } = await serve(t);
  const registry = client([url]);
  assert.equal(await registry.lookup("orders-value", order), undefined);
  const id = await registry.register("orders-value", order);
  assert.equal(await registry.register("orders-value", order), id);
  assert.equal(await registry.register("again/value ü", order), id, "one id for one schema");
  assert.equal(await registry.lookup("orders-value", order), id);
  assert.equal(await registry.schema(id), order);
  assert.deepEqual(await registry.subjects(), ["again/value ü", "orders-value"]);
  assert.deepEqual(await registry.versions("orders-value"), [1]);
  assert.deepEqual(await registry.versions("nothing"), []);
  assert.deepEqual(await registry.version("orders-value", "latest"), {
    ...{ id, version: 1, schema: order },
  });
  assert.equal(await registry.version("orders-value", 7), undefined);
  assert.equal(calls.filter((call) => call === "POST /subjects/orders-value/versions").length, 1);
});

test("what is asked at the same time, or again, is asked once", async (t) => {
  const { url, calls, registry: model } = await serve(t);
  const id = await model.register("orders-value", order);
  const registry = client([url]);
  assert.deepEqual(await Promise.all([registry.schema(id), registry.schema(id)]), [order, order]);
  await registry.schema(id);
  assert.deepEqual(calls, [`GET /schemas/ids/${id}`]);
});

test("an id that does not exist is not asked for again at once", async (t) => {
  const clock = hurried();
  const { url, calls, registry: model } = await serve(t);
  const registry = client([url], { clock });
  await assert.rejects(registry.schema(1), failsWith("SG5032", "no schema 1"));
  await assert.rejects(registry.schema(1), failsWith("SG5032"));
  assert.equal(calls.length, 1);
  await model.register("orders-value", order);
  await clock.advance(5000);
  assert.equal(await registry.schema(1), order);
});

test("a subject that is read-only, or that only admits reading, still gives what it has", async (t) => {
  const { url, registry: model } = await serve(t);
  const id = await model.register("orders-value", order);
  model.mode = "READONLY";
  assert.equal(await client([url]).register("orders-value", order), id);
  await assert.rejects(
    client([url]).register("orders-value", other),
    failsWith("SG5046", "422", "42205", "Subject orders-value is in read-only mode"),
  );
});

test("an incompatible schema is one, whatever the code", async (t) => {
  const { url } = await serve(t);
  await client([url]).register("orders-value", order);
  await assert.rejects(
    client([url]).register("orders-value", record("shop.Order", field("must", "int"))),
    failsWith("SG5045", "orders-value", /field "must": it was not written/),
  );
  const older = await serve(t, {
    interfere: ({ path }) => (path[2] === undefined ? undefined : { answer: { status: 409 } }),
  });
  await assert.rejects(client([older.url]).register("a", order), failsWith("SG5045"));
});

test("basic and bearer authentication are sent, and refused in one sentence", async (t) => {
  const auth = { username: "ci", password: "söcret:1" };
  const basic = await serve(t, { auth });
  assert.equal(await client([basic.url], { auth }).register("a", order), 1);
  await assert.rejects(
    client([basic.url]).register("a", order),
    failsWith("SG5042", "401", "registry.auth", "Unauthorized"),
  );
  const token = { token: "t0ken" };
  const bearer = await serve(t, { auth: token });
  assert.equal(await client([bearer.url], { auth: token }).register("a", order), 1);
});

test("a busy registry is asked again, no sooner than it says and no later than is bearable", async (t) => {
  const answers = [
    { status: 503, headers: { "retry-after": "7" } },
    { status: 429, headers: { "retry-after": "86400" } },
    { status: 500 },
  ];
  const clock = hurried();
  const { url } = await serve(t, {
    interfere: () => {
      const answer = answers.shift();
      return answer === undefined ? undefined : { answer };
    },
  });
  assert.deepEqual(await client([url], { clock }).subjects(), []);
  assert.deepEqual(clock.pauses, [7000, 30_000, 800]);
});

test("a registry that stays busy is away", async (t) => {
  const clock = hurried();
  const { url, calls } = await serve(t, { interfere: () => ({ answer: { status: 502 } }) });
  await assert.rejects(
    client([url], { clock }).subjects(),
    failsWith("SG5041", `${url}/subjects`, "HTTP 502"),
  );
  assert.equal(calls.length, 4);
});

test("several URLs: the next one takes over, and stays", async (t) => {
  const clock = hurried();
  let isAway = true;
  const first = await serve(t, { interfere: () => (isAway ? { drop: true } : undefined) });
  const second = await serve(t);
  const registry = client([first.url, second.url], { clock });
  assert.deepEqual(await registry.subjects(), []);
  isAway = false;
  assert.deepEqual(await registry.subjects(), []);
  assert.deepEqual([first.calls.length, second.calls.length], [1, 2]);
  assert.deepEqual(clock.pauses, []);
  await second.close();
  assert.deepEqual(await registry.subjects(), []);
  assert.equal(first.calls.length, 2);
});

test("nobody listens: where, and why", async (t) => {
  const clock = hurried();
  const { url, close } = await serve(t);
  await close();
  await assert.rejects(
    client([url], { clock }).subjects(),
    failsWith("SG5041", url, "ECONNREFUSED"),
  );
});

test("a port that fetch refuses is told as such", async () => {
  await assert.rejects(
    client(["http://localhost:6000"], { clock: hurried() }).subjects(),
    failsWith("SG5041", "http://localhost:6000", "fetch refuses its port"),
  );
});

test("no answer in time is no answer", async (t) => {
  const { url } = await serve(t, { interfere: () => ({ delayMs: 300 }) });
  await assert.rejects(
    client([url], { timeoutMs: 30, attemptsMax: 1 }).subjects(),
    failsWith("SG5041", "no answer within 30 ms"),
  );
});

const nonsense: Readonly<Record<string, Interference>> = {
  HTML: { answer: { status: 200, headers: { "content-type": "text/html" }, body: "<h1>Hi</h1>" } },
  "an empty answer": { answer: { status: 200 } },
  "no id": { answer: { status: 200, body: "{}" } },
  "a negative id": { answer: { status: 200, body: '{"id":-4}' } },
  "half an id": { answer: { status: 200, body: '{"id":1.5}' } },
  "an id as text": { answer: { status: 200, body: '{"id":"1"}' } },
  "a list": { answer: { status: 200, body: "[1]" } },
  "a 404 page": { answer: { status: 404, body: "<html>not here</html>" } },
};

for (const [what, answer] of Object.entries(nonsense)) {
  test(`${what} is nonsense, and the error says where and what`, async (t) => {
    const clock = hurried();
    const { url } = await serve(t, { interfere: () => answer });
    await assert.rejects(
      client([url], { clock }).register("orders-value", order),
      failsWith("SG5043", url, "registry.url"),
    );
  });
}

test("a schema's answer has to be one", async (t) => {
  const clock = hurried();
  for (const [body, code] of [
    ['{"schema":{"type":"int"}}', "SG5043"],
    ['{"schema":"int","references":7}', "SG5043"],
    ['{"schema":"syntax","schemaType":"PROTOBUF"}', "SG5051"],
    ["not JSON", "SG5043"],
  ] as const) {
    const { url } = await serve(t, { interfere: () => ({ answer: { status: 200, body } }) });
    await assert.rejects(client([url], { clock }).schema(1), failsWith(code, url));
  }
});

test("a 404 about the path says nothing of the schema", async (t) => {
  const clock = hurried();
  for (const body of ['{"error_code":404,"message":"HTTP 404 Not Found"}', ""]) {
    const { url } = await serve(t, { interfere: () => ({ answer: { status: 404, body } }) });
    await assert.rejects(client([url], { clock }).schema(1), failsWith("SG5043", url));
  }
});

test("an endless answer is not read to its end", async (t) => {
  const clock = hurried();
  let sent = 0;
  const server = createServer((_, response) => {
    const chunk = Buffer.alloc(65_536, 32);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
    };
    response.on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  await assert.rejects(
    client([`http://127.0.0.1:${port}`], { clock, attemptsMax: 1 }).subjects(),
    failsWith("SG5043", "4194304 bytes"),
  );
  assert.ok(sent < 64 * 1024 * 1024);
});

test("credentials stay where they belong", async (t) => {
  const auth = { username: "ci", password: "correct horse" };
  const seen: (string | undefined)[] = [];
  const elsewhere = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end("[]");
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  t.after(() => elsewhere.close());
  const { port } = elsewhere.address() as AddressInfo;
  const location = `http://127.0.0.1:${port}/subjects`;
  const { url } = await serve(t, {
    interfere: () => ({ answer: { status: 307, headers: { location } } }),
  });
  await assert.rejects(
    client([url], { auth }).subjects(),
    failsWith("SG5044", location, "registry.url"),
  );
  assert.deepEqual(seen, []);
});

test("a redirect inside the registry's own origin is followed, but not for ever", async (t) => {
  const { url } = await serve(t, {
    interfere: ({ path }) =>
      path[0] === "subjects"
        ? { answer: { status: 308, headers: { location: "/mode" } } }
        : undefined,
  });
  await assert.rejects(client([url]).subjects(), failsWith("SG5043", `${url}/mode`, "an object"));
  const endless = await serve(t, {
    interfere: () => ({ answer: { status: 302, headers: { location: "/subjects" } } }),
  });
  await assert.rejects(client([endless.url]).subjects(), failsWith("SG5044", "more than 3 times"));
});

test("what a server sends back of the secrets is not shown", async (t) => {
  const auth = { username: "ci", password: "hunter22" };
  const pair = Buffer.from("ci:hunter22").toString("base64");
  for (const status of [401, 422, 503, 200]) {
    const body = `you said ${pair} and hunter22`;
    const { url } = await serve(t, { interfere: () => ({ answer: { status, body } }) });
    await assert.rejects(
      client([url], { auth, clock: hurried() }).subjects(),
      (error) =>
        error instanceof Error &&
        !/hunter22/.test(error.message + error.stack) &&
        !`${error.message}${error.stack}`.includes(pair),
    );
  }
});

test("settings that cannot work are refused before anything is sent", () => {
  const refused: readonly (readonly [Partial<RegistrySettings>, RegExp])[] = [
    [{ urls: [] }, /registry\.url/],
    [{ urls: ["registry:8081"] }, /is no URL/],
    [{ urls: ["ftp://registry"] }, /is no URL/],
    [{ urls: ["https://me:secret@registry"] }, /"https:\/\/registry" carries a user or password/],
    [{ urls: ["https://registry/?x=1"] }, /query/],
    [{ urls: ["http://registry"], ca: "PEM" }, /not encrypted/],
    [{ urls: ["http://r"], auth: { token: "a\nb" } }, /token/],
    [{ urls: ["http://r"], auth: { username: "a:b", password: "" } }, /user name/],
  ];
  for (const [settings, message] of refused) {
    assert.throws(
      () => registryClient({ urls: ["http://r"], ...settings }),
      (error) => failsWith("SG5040", message)(error) && !String(error).includes("secret"),
    );
  }
});

test("a schema with references is whole, and missing ones are named", async (t) => {
  const { url, registry: model } = await serve(t);
  const city = record("shop.City", field("name", "string"));
  const home = record("shop.Home", field("city", "shop.City"));
  await model.register("city", city);
  const uses = (name: string, subject: string) => ({ name, subject, version: 1 });
  model.add("home", { schema: home, references: [uses("shop.City", "city")] });
  const person = record("shop.Person", field("first", "shop.Home"), field("second", "shop.Home"));
  const { id } = model.add("person", {
    schema: person,
    references: [uses("shop.Home", "home")],
  });
  const text = await client([url]).schema(id);
  assert.deepEqual(JSON.parse(text), {
    type: "record",
    name: "shop.Person",
    fields: [
      {
        name: "first",
        type: {
          type: "record",
          name: "shop.Home",
          fields: [{ name: "city", type: JSON.parse(city) }],
        },
      },
      { name: "second", type: "shop.Home" },
    ],
  });
  const broken = await serve(t, {
    interfere: ({ path }) =>
      path[0] !== "schemas"
        ? undefined
        : {
            answer: {
              status: 200,
              body: JSON.stringify({ schema: home, references: [uses("shop.City", "nowhere")] }),
            },
          },
  });
  await assert.rejects(
    client([broken.url]).schema(1),
    failsWith("SG5032", 'version 1 of "nowhere"', "shop.City"),
  );
});
