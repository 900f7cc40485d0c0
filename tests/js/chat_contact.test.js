import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { prefill, sendContact } from "../../static/js/chat/contact.js";
import { newId } from "../../static/js/chat/identity.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function form(values) {
  const kinds = ["viewing", "message"].map((value) => ({
    type: "radio",
    value,
    checked: value === "message",
  }));
  const elements = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  return { kinds, elements, querySelectorAll: () => kinds };
}

test("ids are random version 4 UUIDs, with and without a secure context", () => {
  assert.match(newId(), UUID);
  const randomUUID = crypto.randomUUID;
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true, writable: true });
  try {
    assert.match(newId(), UUID);
  } finally {
    crypto.randomUUID = randomUUID;
  }
});

test("the form takes what the agent understood", () => {
  const contact = form({ date: "", time: "", note: "" });
  prefill(contact, { kind: "viewing", date: "2026-11-28", time: "15:00", note: "two of us" });
  assert.equal(contact.kinds[0].checked, true);
  assert.equal(contact.elements.date.value, "2026-11-28");
  assert.equal(contact.elements.note.value, "two of us");
});

test("the visitor's own note is not written over", () => {
  const contact = form({ date: "", time: "", note: "my own words" });
  prefill(contact, { kind: "message", date: "", time: "", note: "the agent's" });
  assert.equal(contact.elements.note.value, "my own words");
});

async function serve(t, status, body) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

test("a sent form gives its lead", async (t) => {
  assert.deepEqual(await sendContact(await serve(t, 201, { lead: "1", kind: "viewing" }), new FormData()), {
    lead: "1",
  });
});

test("a refused form gives the sentence and the field", async (t) => {
  const error = { message: "Write your name.", param: "name" };
  assert.deepEqual(await sendContact(await serve(t, 400, { error }), new FormData()), error);
});

test("a lost connection asks to send again", async () => {
  const answer = await sendContact("http://127.0.0.1:9/", new FormData(), "Not sent.");
  assert.equal(answer.message, "Not sent.");
});
