// Sending a picture, a sound or a file: a small menu, then the machine's own file dialog.

const ACCEPTS = { photo: "image/png,image/jpeg", voice: "audio/*", document: "" };

export class Attach {
  // `send(kind, file)` is called with what was chosen.
  constructor(section, send) {
    this.button = section.querySelector(".clip");
    this.menu = section.querySelector(".kinds");
    this.input = section.querySelector("input[type=file]");
    this.kind = "document";
    this.button.addEventListener("click", () => this.#show(this.menu.hidden));
    section.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#show(false);
    });
    section.addEventListener("focusout", (event) => {
      const to = event.relatedTarget;
      if (to !== this.button && !this.menu.contains(to)) this.#show(false);
    });
    for (const choice of this.menu.children) {
      // The button must keep the focus, or the menu closes before the click counts.
      choice.addEventListener("mousedown", (event) => event.preventDefault());
      choice.addEventListener("click", () => this.#choose(choice.dataset.as));
    }
    this.input.addEventListener("change", () => {
      const [file] = this.input.files;
      if (file) send(this.kind, file);
      this.input.value = "";
    });
  }

  #choose(kind) {
    this.#show(false);
    this.kind = kind;
    this.input.accept = ACCEPTS[kind];
    this.input.click();
  }

  #show(open) {
    this.menu.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }
}
