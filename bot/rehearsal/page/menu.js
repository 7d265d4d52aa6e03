// The command menu: opens with "/", narrows while one types, is chosen by arrows and Enter or a click.

import { make } from "./make.js";

export class Menu {
  constructor(list, field, choose) {
    this.list = list;
    this.field = field;
    this.choose = choose;
    this.commands = [];
    this.at = 0;
    field.addEventListener("input", () => this.refresh());
    field.addEventListener("blur", () => this.close());
  }

  set(commands) {
    this.commands = commands;
  }

  get open() {
    return !this.list.hidden;
  }

  refresh() {
    const typed = /^\/(\S*)$/.exec(this.field.value);
    const fitting = typed ? this.commands.filter((one) => one.command.startsWith(typed[1])) : [];
    this.at = 0;
    this.list.replaceChildren(...fitting.map((one, index) => this.#option(one, index)));
    this.list.hidden = fitting.length === 0;
    this.field.setAttribute("aria-expanded", String(this.open));
    this.#mark();
  }

  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  // True when the key was the menu's.
  key(event) {
    if (!this.open) return false;
    const count = this.list.children.length;
    switch (event.key) {
      case "ArrowDown":
        this.at = (this.at + 1) % count;
        break;
      case "ArrowUp":
        this.at = (this.at + count - 1) % count;
        break;
      case "Escape":
        this.close();
        return true;
      case "Enter":
      case "Tab":
        this.#take(this.list.children[this.at].dataset.command);
        return true;
      default:
        return false;
    }
    this.#mark();
    return true;
  }

  #option(one, index) {
    const node = make("div");
    node.setAttribute("role", "option");
    node.id = `${this.list.id}-${index}`;
    node.dataset.command = one.command;
    node.append(make("b", "", `/${one.command}`), make("span", "", one.description));
    // The field must keep the focus, or the list closes before the click counts.
    node.addEventListener("mousedown", (event) => event.preventDefault());
    node.addEventListener("click", () => this.#take(one.command));
    return node;
  }

  #take(command) {
    this.close();
    this.choose(`/${command}`);
  }

  #mark() {
    [...this.list.children].forEach((node, index) => {
      node.setAttribute("aria-selected", String(index === this.at));
      if (index !== this.at) return;
      node.scrollIntoView({ block: "nearest" });
      this.field.setAttribute("aria-activedescendant", node.id);
    });
  }
}
