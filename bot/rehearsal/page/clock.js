// The rehearsal's clock: the server says the time now and then, in between it runs on by itself.

import { ask } from "./api.js";

const DAYS = ["일", "월", "화", "수", "목", "금", "토"];
const two = (number) => String(number).padStart(2, "0");

let offsetMinutes = 540;
let known = null;
let receivedAt = 0;

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
  const text = `${dayOf(ms)} ${timeOf(ms)}`;
  const face = document.getElementById("now");
  if (face.textContent !== text) {
    face.textContent = text;
    face.dateTime = new Date(ms).toISOString();
  }
}

export function setClock(clock) {
  known = clock;
  receivedAt = performance.now();
  offsetMinutes = clock.offset_minutes;
  const pause = document.getElementById("pause");
  pause.textContent = clock.paused ? "계속" : "일시정지";
  pause.setAttribute("aria-pressed", String(clock.paused));
  const speed = document.getElementById("speed");
  if (document.activeElement !== speed) speed.value = String(clock.speed);
  show();
}

export function startClock(take) {
  const status = document.getElementById("status");
  const steer = async (button, wish, say) => {
    button.disabled = button.tagName === "BUTTON";
    try {
      const state = await ask("clock", wish);
      take(state);
      status.textContent = say(state);
    } catch {
      status.textContent = "시계를 움직이지 못했습니다. 잠시 후 다시 눌러 주십시오.";
    } finally {
      button.disabled = false;
    }
  };
  const on = (id, event, wish, say) => {
    const element = document.getElementById(id);
    element.addEventListener(event, () => steer(element, wish(element), say));
  };
  on("pause", "click", () => ({ action: known && known.paused ? "resume" : "pause" }), () => "");
  on("speed", "change", (select) => ({ action: "speed", speed: Number(select.value) }), () => "");
  on("next", "click", () => ({ action: "next" }), (state) =>
    state.event ? `다음 사건: ${state.event}` : "남은 사건이 없습니다.",
  );
  on("notes", "click", () => ({ action: "notes" }), (state) => `의견 ${state.notes}건을 제시각에 넣습니다.`);
  setInterval(show, 250);
}
