// Message bubbles as DOM nodes. Text is only ever put in as text, never as markup.

import { attachment } from "./attachments.js";
import { timeOf } from "./clock.js";
import { make } from "./make.js";

const PLAIN = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
};

function link(address, act) {
  const node = make("a");
  const target = /^[a-z]+:/i.test(address) ? address : `https://${address}`;
  if (!/^(https?|mailto):/i.test(target)) return make("span");
  node.href = target;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  node.addEventListener("click", (event) => {
    if (act.open(target)) event.preventDefault();
  });
  return node;
}

function foldable() {
  const outer = make("blockquote", "fold closed");
  const inner = make("div", "folded");
  const toggle = make("button", "", "펼치기");
  toggle.type = "button";
  toggle.setAttribute("aria-expanded", "false");
  toggle.addEventListener("click", () => {
    const closed = outer.classList.toggle("closed");
    toggle.textContent = closed ? "펼치기" : "접기";
    toggle.setAttribute("aria-expanded", String(!closed));
  });
  outer.append(inner, toggle);
  // What fits anyway has nothing to unfold.
  new ResizeObserver(() => {
    if (outer.classList.contains("closed")) toggle.hidden = inner.scrollHeight <= inner.clientHeight + 1;
  }).observe(inner);
  return { outer, inner };
}

function spoiler() {
  const node = make("button", "spoiler");
  node.type = "button";
  node.setAttribute("aria-label", "가려진 글 보기");
  node.addEventListener("click", () => {
    node.classList.add("shown");
    node.removeAttribute("aria-label");
  });
  return node;
}

function element(entity, covered, act) {
  if (PLAIN[entity.type]) return make(PLAIN[entity.type]);
  switch (entity.type) {
    case "text_link":
      return link(entity.url, act);
    case "url":
      return link(covered, act);
    case "spoiler":
      return spoiler();
    case "bot_command": {
      const node = make("button", "command");
      node.type = "button";
      node.addEventListener("click", () => act.say(covered));
      return node;
    }
    default:
      return make("span");
  }
}

// Offsets count UTF-16 units, as JavaScript's strings do. `waiting` is in order and is used up.
function fill(parent, text, from, to, waiting, act) {
  let at = from;
  while (waiting.length && waiting[0].offset < to) {
    const entity = waiting.shift();
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) continue;
    parent.append(between(parent, text.slice(at, start)));
    if (entity.type === "expandable_blockquote") {
      const { outer, inner } = foldable();
      fill(inner, text, start, end, waiting, act);
      parent.append(outer);
    } else {
      const node = element(entity, text.slice(start, end), act);
      fill(node, text, start, end, waiting, act);
      parent.append(node);
    }
    at = end;
  }
  parent.append(between(parent, text.slice(at, to)));
}

// A quote is a block of its own: the line break after it would show as an empty line.
function between(parent, text) {
  return parent.lastChild?.nodeName === "BLOCKQUOTE" ? text.replace(/^\n/, "") : text;
}

function words(message, act) {
  const node = make("div", "words");
  // Telegram's apps do not show what a deep link carries either.
  const text = message.from_bot ? message.text : message.text.replace(/^\/start \S+$/, "/start");
  fill(node, text, 0, text.length, [...message.entities], act);
  return node;
}

function keyboard(rows, message, act) {
  const keys = make("div", "keys");
  for (const row of rows) {
    const line = make("div", "line");
    for (const button of row) {
      if (button.url) {
        const node = link(button.url, act);
        node.textContent = button.text;
        line.append(node);
        continue;
      }
      const node = make("button", "", button.text);
      node.type = "button";
      node.addEventListener("click", () => act.press(message.id, button.callback_data, node));
      line.append(node);
    }
    keys.append(line);
  }
  return keys;
}

export function bubble(message, act) {
  const row = make("div", message.from_bot ? "row" : "row mine");
  row.dataset.message = String(message.id);
  const box = make("div", "bubble");
  if (message.attachment) box.append(attachment(message.attachment, message, act));
  if (message.text) box.append(words(message, act));
  const foot = make("div", "foot");
  if (message.silent) {
    const mark = make("span", "silent", "무음");
    mark.title = "소리 없이 보냄";
    foot.append(mark);
  }
  if (message.edited) foot.append(make("span", "edited", "수정됨"));
  foot.append(make("time", "", timeOf(message.at_ms)));
  box.append(foot);
  row.append(box);
  if (message.keyboard.length) row.append(keyboard(message.keyboard, message, act));
  return row;
}
