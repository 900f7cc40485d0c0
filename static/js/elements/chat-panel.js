import { Conversation } from "../chat/conversation.js";
import { newId } from "../chat/identity.js";
import { Messages } from "../chat/messages.js";

/** Makes the server's chat form answer in place. Tells the page what to open by a bubbling `chat:form` event. */
class ChatPanel extends HTMLElement {
  #listening;
  #conversation;
  #messages;

  connectedCallback() {
    this.#listening = new AbortController();
    const form = this.#part("form");
    this.#conversation = new Conversation({
      address: form.action,
      token: form.elements.csrfmiddlewaretoken.value,
      sentences: { network: this.dataset.network, reload: this.dataset.reload },
    });
    this.#messages = new Messages(this.#part("messages"), (name) => this.#part(name));
    this.#listenToPage(form);
    this.#listenToConversation();
    this.#count();
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.#conversation.stop();
  }

  ask(text, id) {
    this.#part("suggestions")?.remove();
    return this.#conversation.ask(text, id);
  }

  #listenToPage(form) {
    this.#on(form, "submit", (event) => this.#submit(event));
    this.#on(form.elements.text, "keydown", (event) => this.#keydown(event));
    this.#on(form.elements.text, "input", () => this.#count());
    this.#on(this.#part("stop"), "click", () => this.#conversation.stop());
    this.#on(this, "click", (event) => {
      if (event.target.closest("[data-chat=again]")) this.#again();
    });
    this.#on(this, "submit", (event) => this.#submitOther(event));
  }

  #listenToConversation() {
    const answers = {
      phase: ({ phase }) => this.#show(phase),
      question: ({ text }) => this.#messages.addQuestion(text),
      delta: ({ text }) => this.#messages.say(text),
      facts: ({ facts }) => this.#messages.showFacts(facts),
      form: (wanted) => this.dispatchEvent(new CustomEvent("chat:form", { bubbles: true, detail: wanted })),
      done: ({ text }) => this.#finish(text),
      failure: (failure) => this.#fail(failure),
    };
    for (const [name, answer] of Object.entries(answers)) {
      this.#on(this.#conversation, name, (event) => answer(event.detail));
    }
  }

  #submit(event) {
    event.preventDefault();
    event.stopPropagation();
    const field = this.#part("form").elements.text;
    if (this.#conversation.isBusy || !field.value.trim()) return;
    const text = field.value;
    field.value = "";
    this.#count();
    this.ask(text, newId());
  }

  /** A suggestion, or another try at an answer that was broken before this page was loaded. */
  #submitOther(event) {
    event.preventDefault();
    if (this.#conversation.isBusy) return;
    const form = event.target;
    const text = event.submitter?.value || form.elements.text?.value;
    if (form.dataset.chat !== "retry") {
      this.ask(text, newId());
      return;
    }
    const failed = form.closest(".chat-message");
    const question = failed.previousElementSibling;
    failed.remove();
    question?.remove();
    this.ask(text, form.elements.client_id.value || newId());
  }

  #again() {
    this.#conversation.again();
    this.#part("form").elements.text.focus(); // the button is gone now
  }

  #keydown(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#part("form").requestSubmit();
  }

  #show(phase) {
    this.dataset.phase = phase;
    const busy = phase === "waiting" || phase === "answering";
    if (phase === "waiting") this.#messages.restartAnswer();
    const stop = this.#part("stop");
    const held = document.activeElement === stop;
    stop.hidden = !busy;
    this.#part("send").setAttribute("aria-disabled", String(busy));
    if (held && !busy) this.#part("form").elements.text.focus();
  }

  #finish(text) {
    this.#messages.finish();
    this.#part("live").textContent = text;
  }

  #fail({ message, stored }) {
    const sentence = message || this.dataset.stopped;
    this.#messages.fail(sentence);
    this.#part("live").textContent = sentence;
    if (!stored) this.#keepQuestion();
  }

  /** What was not taken goes back into the field, unless the visitor is writing something else already. */
  #keepQuestion() {
    const field = this.#part("form").elements.text;
    const asked = this.querySelectorAll("[data-role=visitor] .chat-text");
    field.value ||= asked[asked.length - 1]?.dataset.text ?? "";
    this.#count();
  }

  #count() {
    const place = this.#part("count");
    const left = Number(place.dataset.longest) - this.#part("form").elements.text.value.length;
    if (place.dataset.left === undefined) place.dataset.left = place.textContent.trim();
    place.textContent = left < 500 ? `${left}` : place.dataset.left;
    place.dataset.near = String(left < 100);
  }

  #part(name) {
    return this.querySelector(`[data-chat="${name}"]`);
  }

  #on(target, name, listener) {
    target.addEventListener(name, listener, { signal: this.#listening.signal });
  }
}

customElements.define("chat-panel", ChatPanel);
