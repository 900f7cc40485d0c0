import assert from "node:assert/strict";
import test from "node:test";
import { readEvents } from "../../static/js/chat/events.js";

function bytes(...pieces) {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces)
        controller.enqueue(piece instanceof Uint8Array ? piece : new TextEncoder().encode(piece));
      controller.close();
    },
  });
}

async function all(stream) {
  const events = [];
  for await (const event of readEvents(stream)) events.push(event);
  return events;
}

test("events are read however the network cuts them", async () => {
  const whole = 'event: delta\ndata: {"text":"Größe"}\n\nevent: done\ndata: {"state":"said"}\n\n';
  const raw = new TextEncoder().encode(whole);
  const expected = [
    { event: "delta", data: { text: "Größe" } },
    { event: "done", data: { state: "said" } },
  ];
  for (let at = 1; at < raw.length; at += 1) {
    assert.deepEqual(await all(bytes(raw.slice(0, at), raw.slice(at))), expected);
  }
});

test("comments and an unfinished last event are left out", async () => {
  const events = await all(
    bytes(': ping\n\nevent: delta\r\ndata: {"text":"a"}\r\n\r\nevent: delta\ndata: {"te'),
  );
  assert.deepEqual(events, [{ event: "delta", data: { text: "a" } }]);
});

test("a reader that leaves early cancels the stream", async () => {
  let cancelled = false;
  const stream = new ReadableStream({
    pull: (controller) =>
      controller.enqueue(new TextEncoder().encode('event: delta\ndata: {"text":"a"}\n\n')),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const { event } of readEvents(stream)) {
    assert.equal(event, "delta");
    break;
  }
  assert.equal(cancelled, true);
});
