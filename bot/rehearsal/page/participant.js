// What only the participant's phone has: its camera, its browser, its language, and somebody else to hold it.

import { make } from "./make.js";

const LANGUAGES = { ko: "한국어", en: "English" };

export function participantTools(phone) {
  const codes = make("select");
  codes.setAttribute("aria-label", "QR 찍기");
  codes.addEventListener("change", async () => {
    const payload = codes.value;
    codes.value = "";
    if (payload) await phone.act("scan", { payload });
  });

  const page = make("a", "page", "웹 페이지로 열기");
  page.target = "_blank";
  page.rel = "noopener noreferrer";
  page.hidden = true;

  const language = make("select");
  language.setAttribute("aria-label", "참여자 텔레그램의 언어");
  language.append(...Object.entries(LANGUAGES).map(([code, name]) => new Option(name, code)));
  language.addEventListener("change", () => phone.act("language", { language: language.value }));

  const fresh = make("button", "", "새 참여자");
  fresh.type = "button";
  fresh.title = "다른 사람으로 바꾸고 빈 대화에서 시작합니다";
  fresh.addEventListener("click", () => phone.act("new-participant"));

  phone.tools.append(codes, page, language, fresh);

  function showCodes(seen) {
    const known = JSON.stringify(seen);
    if (codes.dataset.known === known) return;
    codes.dataset.known = known;
    const head = new Option(seen.length ? "QR 찍기" : "QR 없음", "");
    codes.replaceChildren(head, ...seen.map((code) => new Option(code.label || code.payload, code.payload)));
    codes.disabled = seen.length === 0;
  }

  // The code that was shown last, on this rehearsal's own site; a bot elsewhere says itself where its page is.
  function showPage(seen, site) {
    const last = seen.at(-1);
    const address = last && site ? `/m/${last.payload.slice(2)}` : (last?.page ?? "");
    page.hidden = !address;
    if (!address) return;
    page.href = address;
    page.title = last.label;
  }

  return {
    show(state) {
      showCodes(state.codes);
      showPage(state.codes, state.site);
      if (document.activeElement !== language) language.value = state.panes.participant.user.language;
    },
  };
}
