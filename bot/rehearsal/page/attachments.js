// What a message carries besides words: a picture, a sound, a file to download.

import { make } from "./make.js";

export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes}B`;
  const kilo = bytes / 1024;
  return kilo < 1024 ? `${Math.ceil(kilo)}KB` : `${(kilo / 1024).toFixed(1)}MB`;
}

function lengthOf(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function card(file) {
  const node = make("a", "file");
  node.href = file.address;
  node.download = file.name;
  node.setAttribute("aria-label", `${file.name} 내려받기`);
  const kind = /\.([A-Za-z0-9]{1,5})$/.exec(file.name)?.[1] ?? "";
  const text = make("span", "about-file");
  text.append(make("b", "", file.name), make("span", "", `${sizeOf(file.size)} · 내려받기`));
  node.append(make("span", "kind", kind.toUpperCase() || "파일"), text);
  return node;
}

function sound(file) {
  const node = make("div", "voice");
  const player = make("audio");
  player.controls = true;
  player.preload = "metadata";
  player.src = file.address;
  const length = file.seconds ? ` ${lengthOf(file.seconds)}` : "";
  node.append(make("span", "label", `${file.media === "voice" ? "음성" : "소리"}${length}`), player);
  return node;
}

function picture(file, message, act) {
  const scan = message.from_bot && act.scan;
  const node = make(scan ? "button" : "div", "photo");
  const image = make("img");
  image.src = file.address;
  image.width = file.width;
  image.height = file.height;
  image.alt = scan ? "QR 코드" : "사진";
  node.append(image);
  if (scan) {
    node.type = "button";
    node.append(make("span", "hint", "눌러서 참여자 화면에서 찍기"));
    node.addEventListener("click", () => act.scan(message.id));
  }
  return node;
}

export function attachment(file, message, act) {
  if (file.media === "photo") return picture(file, message, act);
  return file.media === "voice" || file.media === "audio" ? sound(file) : card(file);
}
