import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { Conversation } from "../../static/js/chat/conversation.js";

const EVENTS = ["phase", "question", "delta", "facts", "form", "done", "failure"];

/** A real server that answers each request by the next of `answers`, and what it was sent. */
async function serve(t, ...answers) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const form = await new Response(request, {
      headers: { "content-type": request.headers["content-type"] },
    }).formData();
    asked.push({ ...Object.fromEntries(form), token: request.headers["x-csrftoken"] });
    answers[Math.min(asked.length, answers.length) - 1](response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const conversation = new Conversation({
    address: `http://127.0.0.1:${server.address().port}/`,
    token: "t0ken",
  });
  const told = [];
  for (const name of EVENTS) conversation.addEventListener(name, ({ detail }) => told.push([name, detail]));
  return {
    conversation,
    asked,
    told,
    of: (name) => told.filter(([n]) => n === name).map(([, detail]) => detail),
  };
}

const stream =
  (...events) =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(
      events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
    );
  };
const refuse =
  (status, error, headers = {}) =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error }));
  };
const whole = stream(
  ["delta", { text: "Three " }],
  ["delta", { text: "bedrooms." }],
  ["facts", { facts: [{ key: "bedrooms_total" }] }],
  ["done", { state: "said" }],
);

test("a question is told, answered and finished", async (t) => {
  const { conversation, asked, of } = await serve(t, whole);
  assert.equal(await conversation.ask("  How many bedrooms?  "), true);
  assert.equal(asked[0].text, "How many bedrooms?");
  assert.equal(asked[0].token, "t0ken");
  assert.deepEqual(of("done"), [{ state: "said", text: "Three bedrooms." }]);
  assert.deepEqual(
    of("phase").map(({ phase }) => phase),
    ["waiting", "answering", "idle"],
  );
});

test("nothing is sent for blanks or while an answer is running", async (t) => {
  const { conversation, asked } = await serve(t, whole);
  assert.equal(await conversation.ask("   "), false);
  const first = conversation.ask("One?");
  assert.equal(await conversation.ask("Two?"), false);
  await first;
  assert.equal(asked.length, 1);
});

test("another try sends the same question under the same id", async (t) => {
  const broken = stream(
    ["delta", { text: "Thr" }],
    ["error", { error: { code: "chat_interrupted", message: "Broke." } }],
  );
  const { conversation, asked, of } = await serve(t, broken, whole);
  await conversation.ask("How many?");
  assert.equal(of("failure")[0].message, "Broke.");
  await conversation.again();
  assert.equal(asked[1].client_id, asked[0].client_id);
  assert.equal(of("question").length, 1);
  assert.equal(of("done")[0].text, "Three bedrooms.");
});

test("a stream that ends without its end is a failure", async (t) => {
  const { conversation, of } = await serve(t, stream(["delta", { text: "Thr" }]));
  await conversation.ask("How many?");
  assert.equal(of("failure").length, 1);
  assert.equal(conversation.phase, "failed");
});

test("a refusal keeps its sentence and says when to come back", async (t) => {
  const error = { code: "too_many_requests", message: "Go on in 2 minutes." };
  const { conversation, of } = await serve(t, refuse(429, error, { "retry-after": "120" }));
  await conversation.ask("How many?");
  assert.deepEqual(of("failure"), [{ ...error, stored: false, retryAfter: 120 }]);
});

test("stop ends the answer and leaves a way to try again", async (t) => {
  const endless = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('event: delta\ndata: {"text":"Thr"}\n\n');
  };
  const { conversation, of } = await serve(t, endless, whole);
  conversation.addEventListener("delta", () => conversation.stop(), { once: true });
  await conversation.ask("How many?");
  assert.deepEqual(of("failure"), [{ message: "", stored: true }]);
  assert.equal(await conversation.again(), true);
});

test("no network is a sentence, not an exception", async () => {
  const conversation = new Conversation({
    address: "http://unused.example/",
    token: "",
    fetch: () => Promise.reject(new TypeError("no network")),
  });
  const failures = [];
  conversation.addEventListener("failure", ({ detail }) => failures.push(detail.message));
  await conversation.ask("How many?");
  assert.equal(failures.length, 1);
  assert.match(failures[0], /try again/);
});
