import { prefill, sendContact } from "../chat/contact.js";
import { newId } from "../chat/identity.js";

/** The contact form: opened by the chat with what the visitor said, sent without leaving the page. */
class ContactForm extends HTMLElement {
  #listening;
  #isSending = false;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("chat:form", (event) => this.open(event.detail), { signal });
    this.addEventListener("change", () => this.#showKind(), { signal });
    this.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.#showKind();
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  open(wanted) {
    prefill(this.#form, wanted);
    this.#showKind();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    this.#form.elements.name.focus({ preventScroll: true });
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#isSending) return;
    this.#isSending = true;
    this.#showError(null);
    const answer = await sendContact(this.#form.action, new FormData(this.#form), this.dataset.unsent);
    this.#isSending = false;
    if (answer.lead) this.#thank();
    else this.#showError(answer);
  }

  #thank() {
    const sent = this.querySelector("[data-contact=sent]");
    sent.textContent = sent.dataset.text;
    this.#form.reset();
    this.#form.elements.client_id.value = newId();
    this.#showKind();
  }

  #showError(error) {
    this.querySelector("[data-contact=error]").textContent = error?.message ?? "";
    for (const field of this.#form.elements) field.removeAttribute("aria-invalid");
    const field = error?.param && this.#form.elements[error.param];
    if (field instanceof HTMLElement) {
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
  }

  #showKind() {
    const when = this.querySelector("[data-contact=when]");
    if (when) when.hidden = this.#form.elements.kind.value !== "viewing";
  }

  get #form() {
    return this.querySelector("form");
  }
}

customElements.define("contact-form", ContactForm);
