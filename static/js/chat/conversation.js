import { readEvents } from "./events.js";
import { newId } from "./identity.js";

const MOVES = Object.freeze({
  idle: ["waiting"],
  waiting: ["answering", "idle", "failed"],
  answering: ["idle", "failed"],
  failed: ["waiting"],
});
// The page gives its own, in its language.
const SENTENCES = Object.freeze({
  network: "The connection broke off: check it and try again.",
  reload: "This page has been open for long: load it again, then ask.",
});

/**
 * One visitor's conversation with one home. Asks one question at a time.
 *
 * Events: `phase {phase}`, `question {text, id}`, `delta {text}`, `facts {facts}`, `form {kind, date, time, note}`,
 * `done {state, text}`, `failure {message, stored, retryAfter}`.
 */
export class Conversation extends EventTarget {
  #address;
  #token;
  #fetch;
  #sentences;
  #phase = "idle";
  #question = null;
  #abort = null;
  #text = "";

  constructor({ address, token, sentences = {}, fetch = globalThis.fetch.bind(globalThis) }) {
    super();
    this.#address = address;
    this.#token = token;
    this.#fetch = fetch;
    this.#sentences = { ...SENTENCES, ...sentences };
  }

  get phase() {
    return this.#phase;
  }

  get isBusy() {
    return this.#phase === "waiting" || this.#phase === "answering";
  }

  /** Ask; false while another answer is running or there is nothing to ask. */
  async ask(text, id = newId()) {
    if (this.isBusy || !text.trim()) return false;
    this.#question = { text: text.trim(), id };
    this.#tell("question", this.#question);
    await this.#run();
    return true;
  }

  /** The same question under the same id: the server stores it once and answers it anew. */
  async again() {
    if (this.isBusy || !this.#question) return false;
    await this.#run();
    return true;
  }

  /** Stop listening; the server keeps what it has said. */
  stop() {
    this.#abort?.abort();
  }

  async #run() {
    this.#text = "";
    this.#moveTo("waiting");
    this.#abort = new AbortController();
    try {
      const failure = await this.#exchange(this.#abort.signal);
      failure ? this.#fail(failure) : this.#moveTo("idle");
    } catch {
      this.#fail({ message: this.#abort.signal.aborted ? "" : this.#sentences.network, stored: true });
    } finally {
      this.#abort = null;
    }
  }

  /** Null after a whole answer, otherwise why there is none. */
  async #exchange(signal) {
    const body = new FormData();
    body.set("text", this.#question.text);
    body.set("client_id", this.#question.id);
    const headers = { Accept: "text/event-stream", "X-CSRFToken": this.#token };
    const response = await this.#fetch(this.#address, { method: "POST", body, headers, signal });
    if (!response.ok) return this.#refusal(response);
    for await (const { event, data } of readEvents(response.body)) {
      if (event === "error") return { ...data.error, stored: true };
      this.#hear(event, data);
      if (event === "done") return null;
    }
    return { message: this.#sentences.network, stored: true };
  }

  #hear(event, data) {
    if (event === "delta") {
      if (this.#phase === "waiting") this.#moveTo("answering");
      this.#text += data.text;
    }
    this.#tell(event, event === "done" ? { ...data, text: this.#text } : data);
  }

  #fail(failure) {
    this.#moveTo("failed");
    this.#tell("failure", failure);
  }

  #moveTo(next) {
    if (!MOVES[this.#phase].includes(next)) throw new Error(`chat: ${this.#phase} cannot become ${next}`);
    this.#phase = next;
    this.#tell("phase", { phase: next });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  async #refusal(response) {
    const body = await response.json().catch(() => null);
    if (body?.error) {
      return {
        ...body.error,
        stored: false,
        retryAfter: Number(response.headers.get("Retry-After")) || null,
      };
    }
    const { reload, network } = this.#sentences;
    return { message: response.status === 403 ? reload : network, stored: false };
  }
}
