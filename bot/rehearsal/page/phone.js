// One phone: its chat, its text field, its answers to presses.

import { ask, send } from "./api.js";
import { Attach } from "./attach.js";
import { dayOf } from "./clock.js";
import { Menu } from "./menu.js";
import { make } from "./make.js";
import { bubble } from "./render.js";

const NAMES = { staff: "수행 실무자", participant: "참여자", manager: "간부(실·국장)" };
const FACES = { staff: "수", participant: "참", manager: "간" };
const EMPTY = {
  staff: "아직 대화가 없습니다. 아래 ‘시작’을 눌러 주십시오.",
  participant: "수행 실무자 화면에서 /qr을 보내고 코드를 누르면 이 화면에서 열립니다.",
  manager: "아직 대화가 없습니다. 아래 ‘시작’을 눌러 주십시오.",
};
const NEAR_END = 48;
const ABOVE = 10;

export class Phone {
  constructor(section, { take, botName }) {
    this.section = section;
    this.seat = section.dataset.seat;
    this.take = take;
    this.botName = botName;
    this.user = null;
    this.shown = new Map();
    this.pressed = new Map();
    this.answers = [];
    this.follows = true;
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
    new Attach(section, (kind, file) => this.#sendFile(kind, file));
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
    this.find(".below").addEventListener("click", () => this.#toEnd());
    this.chat.addEventListener("scroll", () => this.#look());
    new ResizeObserver(() => this.follows && this.#toEnd()).observe(this.chat);
    // A picture gets its height when it arrives.
    this.chat.addEventListener("load", () => this.follows && this.#toEnd(), true);
  }

  async #send(text) {
    if (!text.trim()) return;
    this.menu.close();
    this.field.value = "";
    // A pasted invitation is opened, as Telegram does when one taps it.
    if (this.#open(text.trim())) return;
    if (await this.act("say", { text })) this.#toEnd();
    else if (!this.field.value) this.field.value = text;
    this.#grow();
  }

  // What stands in the field goes with it, as a caption.
  async #sendFile(kind, file) {
    const caption = this.field.value;
    try {
      this.take(await send(this.seat, kind, file, caption));
      if (this.field.value === caption) this.field.value = "";
      this.#toEnd();
    } catch {
      this.#toast("파일을 보내지 못했습니다. 비어 있지 않은 50MB 이하의 파일인지 확인해 주십시오.");
    }
    this.#grow();
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
    if (!state) return button.removeAttribute("aria-busy");
    this.pressed.set(state.press, button);
    this.#tell();
  }

  // The bot's answer may be here before the press itself has returned: both call this.
  #tell() {
    for (const answer of this.answers) {
      this.pressed.get(answer.press)?.removeAttribute("aria-busy");
      if (!this.pressed.delete(answer.press) || !answer.text) continue;
      if (answer.alert) {
        const alert = this.find(".alert");
        alert.querySelector("p").textContent = answer.text;
        if (!alert.open) alert.showModal();
      } else this.#toast(answer.text);
    }
  }

  #messages(messages) {
    const first = this.shown.size === 0;
    const ids = new Set(messages.map((one) => one.id));
    let arrived = null;
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
        arrived ??= row;
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
      this.chat.append(make("p", "empty", EMPTY[this.seat]));
    }
    if (first || (changed && !arrived && this.follows)) this.#toEnd();
    else if (arrived && this.follows) this.#reveal(arrived);
    else if (arrived) this.find(".below").classList.add("unread");
    this.#look();
  }

  // What is longer than the phone is read from its beginning.
  #reveal(row) {
    const end = this.chat.scrollHeight - this.chat.clientHeight;
    this.chat.scrollTop = Math.min(end, row.offsetTop - ABOVE);
    this.follows = this.chat.scrollTop >= end - 1;
    if (!this.follows) this.find(".below").classList.add("unread");
  }

  #toEnd() {
    this.follows = true;
    this.chat.scrollTop = this.chat.scrollHeight;
    this.#look();
  }

  #look() {
    const left = this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight;
    this.follows = left < NEAR_END;
    const below = this.find(".below");
    below.hidden = this.follows;
    if (this.follows) below.classList.remove("unread");
  }

  #toast(text) {
    const toast = this.find(".toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => (toast.hidden = true), 4000);
  }
}
