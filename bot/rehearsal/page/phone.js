// One phone: its chat, its text field, its answers to presses.

import { ask } from "./api.js";
import { dayOf } from "./clock.js";
import { Menu } from "./menu.js";
import { bubble, make } from "./render.js";

const NAMES = { staff: "수행 실무자", participant: "참여자", manager: "관리자(실·국장)" };
const FACES = { staff: "수", participant: "참", manager: "관" };
const NEAR_END = 120;

export class Phone {
  constructor(section, { take, botName }) {
    this.section = section;
    this.seat = section.dataset.seat;
    this.take = take;
    this.botName = botName;
    this.user = null;
    this.shown = new Map();
    this.pressed = new Set();
    this.answers = [];
    section.append(document.getElementById("phone").content.cloneNode(true));
    this.find = (selector) => section.querySelector(selector);
    this.chat = this.find(".chat");
    this.field = this.find("textarea");
    this.find("h2").textContent = NAMES[this.seat];
    this.find(".face").textContent = FACES[this.seat];
    this.chat.setAttribute("aria-label", `${NAMES[this.seat]} 대화`);
    this.field.setAttribute("aria-label", `${NAMES[this.seat]} 메시지 입력`);
    const list = this.find(".menu");
    list.id = `menu-${this.seat}`;
    this.field.setAttribute("aria-controls", list.id);
    this.menu = new Menu(list, this.field, (command) => this.#send(command));
    this.#listen();
  }

  get tools() {
    return this.find(".tools");
  }

  // Do something on the server and show what came of it.
  async act(action, wish = {}) {
    try {
      const state = await ask(action, { seat: this.seat, ...wish });
      this.take(state);
      return state;
    } catch {
      this.#toast("지금은 할 수 없는 동작입니다.");
      return null;
    }
  }

  show(pane) {
    if (this.user !== pane.user.id) {
      this.user = pane.user.id;
      this.shown.clear();
      this.chat.replaceChildren();
      this.find(".toast").hidden = true;
    }
    this.find(".name").textContent = pane.user.name;
    this.menu.set(pane.menu);
    const begun = pane.standing === "member";
    this.find(".composer").hidden = !begun;
    this.find(".begin").hidden = begun;
    this.find(".begin").textContent = pane.standing === "blocked" ? "차단 풀고 다시 시작" : "시작";
    this.#messages(pane.messages);
    this.answers = pane.answers;
    this.#tell();
  }

  #listen() {
    this.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(this.field.value);
    });
    this.field.addEventListener("input", () => this.#grow());
    this.field.addEventListener("keydown", (event) => {
      // Enter also ends a Korean syllable: while one is being composed, it is not meant for us.
      if (event.isComposing) return;
      if (this.menu.key(event)) event.preventDefault();
      else if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        this.#send(this.field.value);
      }
    });
    this.find(".begin").addEventListener("click", async () => {
      await this.act("start");
      this.field.focus();
    });
    const alert = this.find(".alert");
    alert.querySelector("button").addEventListener("click", () => alert.close());
  }

  async #send(text) {
    if (!text.trim()) return;
    this.menu.close();
    if (await this.act("say", { text })) {
      this.field.value = "";
      this.#grow();
      this.#toEnd();
    }
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  #actions() {
    return {
      say: (text) => this.#send(text),
      open: (address) => this.#open(address),
      scan: this.seat === "staff" ? (id) => this.act("scan", { message_id: id }) : null,
      press: (id, data, button) => this.#press(id, data, button),
    };
  }

  #open(address) {
    const own = new RegExp(`^https?://t\\.me/${this.botName()}/?\\?`, "i");
    if (!own.test(address)) return false;
    this.act("open", { url: address });
    return true;
  }

  async #press(id, data, button) {
    button.setAttribute("aria-busy", "true");
    const state = await this.act("press", { message_id: id, data });
    button.removeAttribute("aria-busy");
    if (!state) return;
    this.pressed.add(state.press);
    this.#tell();
  }

  // The bot's answer may be here before the press itself has returned: both call this.
  #tell() {
    for (const answer of this.answers) {
      if (!this.pressed.delete(answer.press) || !answer.text) continue;
      if (answer.alert) {
        const alert = this.find(".alert");
        alert.querySelector("p").textContent = answer.text;
        if (!alert.open) alert.showModal();
      } else this.#toast(answer.text);
    }
  }

  #messages(messages) {
    const followed = this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < NEAR_END;
    const first = this.shown.size === 0;
    const ids = new Set(messages.map((one) => one.id));
    let changed = false;
    for (const [id, { nodes }] of this.shown) {
      if (ids.has(id)) continue;
      nodes.forEach((node) => node.remove());
      this.shown.delete(id);
    }
    let day = "";
    for (const message of messages) {
      const text = JSON.stringify(message);
      const known = this.shown.get(message.id);
      const today = dayOf(message.at_ms);
      if (!known) {
        const row = bubble(message, this.#actions());
        if (!first) row.classList.add("fresh");
        const nodes = today === day ? [row] : [make("div", "day", today), row];
        this.find(".empty")?.remove();
        this.chat.append(...nodes);
        this.shown.set(message.id, { text, nodes });
        changed = true;
      } else if (known.text !== text) {
        const row = bubble(message, this.#actions());
        known.nodes.at(-1).replaceWith(row);
        known.nodes[known.nodes.length - 1] = row;
        known.text = text;
        changed = true;
      }
      day = today;
    }
    if (!this.shown.size && !this.find(".empty")) {
      this.chat.append(make("p", "empty", "아직 나눈 이야기가 없습니다. 아래에서 시작하십시오."));
    }
    if (changed && (followed || first)) this.#toEnd();
  }

  #toEnd() {
    requestAnimationFrame(() => this.chat.scrollTo({ top: this.chat.scrollHeight }));
  }

  #toast(text) {
    const toast = this.find(".toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => (toast.hidden = true), 4000);
  }
}
