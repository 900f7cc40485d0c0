// Pictures above the page: <photo-viewer> wraps links to large pictures; without it they are plain links.

class PhotoViewer extends HTMLElement {
  #abort = new AbortController();
  #dialog = null;
  #at = 0;

  connectedCallback() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    // On the document: the opening mosaic and the rooms point at the gallery's pictures too.
    document.addEventListener("click", (event) => this.#openFrom(event), { signal });
  }

  disconnectedCallback() {
    this.#abort.abort();
    this.#dialog?.remove();
    this.#dialog = null;
  }

  show(index) {
    const links = this.#links();
    this.#at = (index + links.length) % links.length;
    const link = links[this.#at];
    const dialog = this.#getDialog();
    const small = link.querySelector("img");
    const picture = dialog.querySelector("img");
    picture.src = link.href;
    picture.alt = small.alt;
    const caption = link.closest("figure").querySelector("figcaption")?.textContent.trim();
    dialog.querySelector(".viewer-caption").textContent = caption ?? "";
    dialog.querySelector(".viewer-count").textContent = `${this.#at + 1} / ${links.length}`;
    if (!dialog.open) dialog.showModal();
  }

  #links() {
    return [...this.querySelectorAll("a[data-picture]")];
  }

  #openFrom(event) {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest?.("a[data-picture], a[data-viewer]");
    if (!link) return;
    const own = link.dataset.viewer
      ? document.getElementById(link.dataset.viewer)?.querySelector("a[data-picture]")
      : link;
    const index = this.#links().indexOf(own);
    if (index < 0) return;
    event.preventDefault();
    this.show(index);
  }

  #getDialog() {
    if (this.#dialog) return this.#dialog;
    const dialog = document.createElement("dialog");
    dialog.className = "viewer";
    dialog.setAttribute("aria-label", this.dataset.title);
    const bar = document.createElement("div");
    bar.className = "viewer-bar";
    const count = document.createElement("p");
    count.className = "viewer-count";
    count.setAttribute("role", "status");
    bar.append(
      this.#button("‹", this.dataset.previous, () => this.show(this.#at - 1)),
      count,
      this.#button("›", this.dataset.next, () => this.show(this.#at + 1)),
      this.#button("×", this.dataset.close, () => dialog.close()),
    );
    const picture = document.createElement("img");
    picture.className = "viewer-picture";
    const caption = document.createElement("p");
    caption.className = "viewer-caption";
    dialog.append(bar, picture, caption);
    dialog.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) this.show(this.#at + step);
    });
    this.append(dialog);
    this.#dialog = dialog;
    return dialog;
  }

  #button(sign, label, action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", action);
    return button;
  }
}

customElements.define("photo-viewer", PhotoViewer);
