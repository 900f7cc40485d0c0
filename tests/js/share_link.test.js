import assert from "node:assert/strict";
import test from "node:test";

const elements = {};
globalThis.HTMLElement = class {
  dataset = { copied: "Link copied" };
  hidden = true;
  button = Object.assign(new EventTarget(), { textContent: "Share" });
  querySelector() {
    return this.button;
  }
};
globalThis.customElements = { define: (name, made) => (elements[name] = made) };
globalThis.document = {
  title: "Maple house",
  querySelector: () => ({ href: "https://homes.example/maple/" }),
};
await import("../../static/js/elements/share-link.js");

function shareLink(navigator) {
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  const link = new elements["share-link"]();
  link.connectedCallback();
  return link;
}

test("the link stays hidden where it cannot work", () => {
  assert.equal(shareLink({}).hidden, true);
  assert.equal(shareLink({ share: () => {} }).hidden, false);
});

test("the canonical address is shared by the device", async () => {
  const shared = [];
  await shareLink({ share: async (what) => shared.push(what) }).share();
  assert.deepEqual(shared, [{ title: "Maple house", url: "https://homes.example/maple/" }]);
});

test("without a share sheet the address is copied, and the button says so", async () => {
  const copied = [];
  const link = shareLink({ clipboard: { writeText: async (text) => copied.push(text) } });
  await link.share();
  assert.deepEqual(copied, ["https://homes.example/maple/"]);
  assert.equal(link.button.textContent, "Link copied");
  link.disconnectedCallback();
});

test("a visitor who closes the sheet is no failure, anything else is", async () => {
  const fail = (name) =>
    shareLink({ share: () => Promise.reject(Object.assign(new Error(), { name })) }).share();
  await fail("AbortError");
  await assert.rejects(fail("NotAllowedError"));
});
