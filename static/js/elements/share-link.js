// <share-link hidden data-copied="Link copied"><button>Share</button></share-link>: shown where it can work.

const SAID_FOR = 2500; // ms that "Link copied" stays

class ShareLink extends HTMLElement {
  #abort = new AbortController();
  #timer = 0;

  connectedCallback() {
    if (!navigator.share && !navigator.clipboard) return;
    this.#abort = new AbortController();
    this.hidden = false;
    this.#button.addEventListener("click", () => this.share(), { signal: this.#abort.signal });
  }

  disconnectedCallback() {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  async share() {
    const url = document.querySelector('link[rel="canonical"]')?.href ?? location.href;
    try {
      if (navigator.share) await navigator.share({ title: document.title, url });
      else await this.#copy(url);
    } catch (error) {
      if (error.name !== "AbortError") throw error; // the visitor closed the sheet
    }
  }

  get #button() {
    return this.querySelector("button");
  }

  async #copy(url) {
    await navigator.clipboard.writeText(url);
    const words = this.#button.textContent;
    if (words === this.dataset.copied) return;
    this.#button.textContent = this.dataset.copied;
    this.#timer = setTimeout(() => {
      this.#button.textContent = words;
    }, SAID_FOR);
  }
}

customElements.define("share-link", ShareLink);
