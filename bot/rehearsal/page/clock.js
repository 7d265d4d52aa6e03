// The rehearsal's clock: the server says the time now and then, in between it runs on by itself.

import { ask } from "./api.js";

const DAYS = ["일", "월", "화", "수", "목", "금", "토"];
const two = (number) => String(number).padStart(2, "0");

let offsetMinutes = 540;
let known = null;
let receivedAt = 0;
let jumping = false;

function local(ms) {
  return new Date(ms + offsetMinutes * 60000);
}

export function dayOf(ms) {
  const at = local(ms);
  return `${at.getUTCMonth() + 1}.${at.getUTCDate()}.(${DAYS[at.getUTCDay()]})`;
}

export function timeOf(ms) {
  const at = local(ms);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

function show() {
  if (!known) return;
  const passed = known.paused ? 0 : (performance.now() - receivedAt) * known.speed;
  const ms = known.now_ms + passed;
  const text = `${dayOf(ms)} ${timeOf(ms)}:${two(local(ms).getUTCSeconds())}`;
  const face = document.getElementById("now");
  if (face.textContent !== text) {
    face.textContent = text;
    face.dateTime = new Date(ms).toISOString();
  }
}

function showPace() {
  const pace = document.getElementById("pace");
  const [name, text] = jumping ? ["jumping", "이동 중"] : known.paused ? ["paused", "멈춤"] : ["running", "진행 중"];
  pace.className = `pace ${name}`;
  pace.textContent = text;
  document.getElementById("pause").textContent = jumping ? "여기서 멈춤" : known.paused ? "계속" : "일시정지";
}

function showBehind({ paused, speed, behind }) {
  const node = document.getElementById("behind");
  node.hidden = paused || speed === 1;
  node.textContent = `지연 ${behind.toFixed(1)}초`;
}

// What there is to play; without anything there is no button.
export function setPlay(play) {
  const button = document.getElementById("notes");
  button.hidden = !play;
  if (play && !known?.notes.total) button.textContent = play;
}

function showNotes({ arrived, total }) {
  const button = document.getElementById("notes");
  button.disabled = total > 0;
  if (total) button.textContent = arrived < total ? `의견 재생 중 ${arrived}/${total}건` : `의견 ${total}건 재생 끝`;
}

export function setClock(clock) {
  known = clock;
  receivedAt = performance.now();
  offsetMinutes = clock.offset_minutes;
  const speed = document.getElementById("speed");
  if (document.activeElement !== speed) {
    const wanted = String(clock.speed);
    if (![...speed.options].some((option) => option.value === wanted)) {
      speed.append(new Option(`${wanted}×`, wanted));
    }
    speed.value = wanted;
  }
  showBehind(clock);
  show();
  showPace();
  showNotes(clock.notes);
}

const reached = (state) =>
  state.event ? `${timeOf(state.clock.now_ms)} ${state.event}` : "더 남은 사건이 없습니다.";
const played = (state) =>
  state.notes
    ? `의견 ${state.notes}건이 제시각에 들어옵니다. ‘다음 사건으로’를 누르면 그사이 의견이 모두 들어옵니다.`
    : "지금부터 들어올 의견이 없습니다.";

export function startClock(take) {
  const status = document.getElementById("status");
  const steer = async (button, wish, meanwhile, say) => {
    button.setAttribute("aria-busy", "true");
    if (meanwhile) status.textContent = meanwhile;
    try {
      const state = await ask("clock", wish);
      take(state);
      if (say) status.textContent = say(state);
    } catch {
      status.textContent = "시계를 움직이지 못했습니다. 잠시 후 다시 눌러 주십시오.";
    } finally {
      button.removeAttribute("aria-busy");
    }
  };
  const on = (id, event, act) => {
    const element = document.getElementById(id);
    element.addEventListener(event, () => {
      if (element.getAttribute("aria-busy") !== "true") act(element);
    });
  };
  on("pause", "click", (button) => steer(button, { action: known?.paused && !jumping ? "resume" : "pause" }));
  on("speed", "change", (select) => steer(select, { action: "speed", speed: Number(select.value) }));
  on("notes", "click", (button) => steer(button, { action: "notes" }, "의견을 준비하고 있습니다.", played));
  on("next", "click", async (button) => {
    jumping = true;
    showPace();
    await steer(button, { action: "next" }, "다음 사건으로 가고 있습니다.", reached);
    jumping = false;
    showPace();
  });
  setInterval(show, 250);
}
