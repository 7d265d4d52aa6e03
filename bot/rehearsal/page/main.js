// The rehearsal's page: three phones and a clock, kept up to date by one long poll.

import { stateAfter } from "./api.js";
import { setClock, startClock } from "./clock.js";
import { Phone } from "./phone.js";
import { make } from "./render.js";

const RETRY_MS = 1500;
let revision = -1;
let born = "";
let username = "";
const phones = new Map();
const codes = make("select");

function take(state) {
  // Answers may overtake each other; a server that was started anew counts from the beginning.
  if (state.born === born && state.revision < revision) return;
  born = state.born;
  revision = state.revision;
  username = state.bot.username;
  setClock(state.clock);
  for (const [seat, phone] of phones) phone.show(state.panes[seat]);
  showCodes(state.codes);
}

function showCodes(seen) {
  const known = JSON.stringify(seen);
  if (codes.dataset.known === known) return;
  codes.dataset.known = known;
  const head = make("option", "", seen.length ? "QR 찍기" : "QR 없음");
  head.value = "";
  codes.replaceChildren(head, ...seen.map((code) => {
    const option = make("option", "", code.label || code.payload);
    option.value = code.payload;
    return option;
  }));
  codes.disabled = seen.length === 0;
}

function participantTools(phone) {
  const fresh = make("button", "", "새 참여자");
  fresh.type = "button";
  fresh.title = "다른 사람으로 바꾸고 빈 대화에서 시작합니다";
  fresh.addEventListener("click", () => phone.act("new-participant"));
  codes.setAttribute("aria-label", "QR 찍기");
  codes.addEventListener("change", async () => {
    const payload = codes.value;
    codes.value = "";
    if (payload) await phone.act("scan", { payload });
  });
  phone.tools.append(codes, fresh);
}

async function follow() {
  const status = document.getElementById("status");
  const lost = "연결이 끊겼습니다. 다시 연결하는 중입니다.";
  for (;;) {
    try {
      const state = await stateAfter(revision);
      take(state);
      if (status.textContent === lost) status.textContent = "";
      if (!state.closed) continue;
    } catch {
      status.textContent = lost;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

for (const section of document.querySelectorAll(".phone")) {
  phones.set(section.dataset.seat, new Phone(section, { take, botName: () => username }));
}
participantTools(phones.get("participant"));
startClock(take);
follow();
