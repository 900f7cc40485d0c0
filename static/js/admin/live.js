// Keeps each [data-live] element as the server has it now; the value is the pause in seconds.

class Live {
  #element;
  #pause;
  #last;

  constructor(element) {
    this.#element = element;
    this.#pause = Number(element.dataset.live) * 1000;
  }

  start() {
    setTimeout(() => this.#turn(), this.#pause);
  }

  async #turn() {
    if (document.visibilityState === "visible" && !this.#isBusy()) await this.#refresh();
    this.start();
  }

  // Nothing is pulled away from under a person who is reading it with the keyboard or copying it.
  #isBusy() {
    const selection = document.getSelection();
    const selects = selection && !selection.isCollapsed && this.#element.contains(selection.anchorNode);
    return selects || this.#element.contains(document.activeElement);
  }

  async #refresh() {
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) return; // logged out: the next click says so
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById(this.#element.id);
      if (fresh && fresh.innerHTML !== this.#last) {
        this.#last = fresh.innerHTML;
        this.#element.replaceChildren(...fresh.childNodes);
      }
    } catch {
      // No network for a moment: the next turn tries again.
    }
  }
}

for (const element of document.querySelectorAll("[data-live]")) new Live(element).start();
