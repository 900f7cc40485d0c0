/** The list of messages: copies of the blanks that the server rendered, filled with text, never with markup. */
export class Messages {
  #list;
  #blanks;
  #answer = null;

  constructor(list, blanks) {
    this.#list = list;
    this.#blanks = blanks;
  }

  addQuestion(text) {
    const message = this.#copy("blank-visitor");
    fill(message.querySelector(".chat-text"), text);
    this.#append(message);
    this.#answer = this.#append(this.#copy("blank-agent"));
  }

  /** Begin the last answer anew, after a failure. */
  restartAnswer() {
    if (!this.#answer) return;
    this.#answer.dataset.state = "pending";
    this.#answer.setAttribute("aria-busy", "true");
    fill(this.#answer.querySelector(".chat-text"), "");
    this.#answer.querySelector(".chat-facts").replaceChildren();
    this.#answer.querySelector(".chat-failure").hidden = true;
  }

  say(text) {
    const place = this.#answer.querySelector(".chat-text");
    fill(place, (place.dataset.text ?? "") + text);
    this.#scroll();
  }

  showFacts(facts) {
    const list = this.#answer.querySelector(".chat-facts");
    list.replaceChildren(...facts.map((fact) => this.#chip(fact)));
    list.hidden = facts.length === 0;
    this.#scroll();
  }

  finish() {
    this.#answer.dataset.state = "said";
    this.#answer.removeAttribute("aria-busy");
  }

  fail(sentence) {
    this.#answer.dataset.state = "interrupted";
    this.#answer.removeAttribute("aria-busy");
    const failure = this.#answer.querySelector(".chat-failure");
    failure.querySelector("p").textContent = sentence;
    failure.hidden = false;
    this.#scroll();
  }

  #chip(fact) {
    const chip = this.#copy("blank-fact");
    chip.querySelector(".chat-fact-label").textContent = fact.label;
    chip.querySelector(".chat-fact-value").textContent = fact.written;
    chip.querySelector(".chat-fact-source").textContent = [fact.source, fact.as_of]
      .filter(Boolean)
      .join(", ");
    return chip;
  }

  #copy(name) {
    return this.#blanks(name).content.firstElementChild.cloneNode(true);
  }

  #append(message) {
    this.#list.append(message);
    this.#scroll();
    return message;
  }

  #scroll() {
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

function fill(place, text) {
  place.dataset.text = text;
  const paragraphs = text.match(/[^\n](?:\n?[^\n])*/g) ?? [];
  const elements = paragraphs.map((part) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = part;
    return paragraph;
  });
  place.replaceChildren(...elements);
}
