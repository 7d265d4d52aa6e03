// The rehearsal's page: three phones and a clock, kept up to date by one long poll.

import { stateAfter } from "./api.js";
import { setClock, setPlay, startClock } from "./clock.js";
import { participantTools } from "./participant.js";
import { Phone } from "./phone.js";

const RETRY_MS = 1500;
let revision = -1;
let born = "";
let username = "";
const phones = new Map();
let tools = null;

function take(state) {
  // Answers may overtake each other; a server that was started anew counts from the beginning.
  if (state.born === born && state.revision < revision) return;
  born = state.born;
  revision = state.revision;
  username = state.bot.username;
  setClock(state.clock);
  for (const [seat, phone] of phones) phone.show(state.panes[seat]);
  tools.show(state);
  setPlay(state.sources?.play ?? "");
  showAbout(state);
}

// Which files are rehearsed, or whether a bot is there at all.
function showAbout({ sources, followers }) {
  const about = document.getElementById("about");
  const text = sources
    ? `일정: ${sources.tour} · 의견: ${sources.notes}`
    : followers === undefined
      ? ""
      : followers
        ? `텔레그램만 열었습니다. 이 시계를 따르는 봇: ${followers}개`
        : "텔레그램만 열었습니다. 이 시계를 따르는 봇이 아직 없습니다. 터미널에 적힌 대로 봇을 실행해 주십시오.";
  about.hidden = !text;
  if (about.textContent !== text) about.textContent = text;
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
tools = participantTools(phones.get("participant"));
startClock(take);
follow();
