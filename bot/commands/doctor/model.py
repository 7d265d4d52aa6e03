"""The language model: whether one is named, where it stands, and whether it answers. One tiny request, outside the budget."""

import asyncio

from pydantic import BaseModel

from bot.commands.doctor.finding import Finding, bad, good, note
from bot.digest.ports import LanguageModel, ModelFailed, Request, Trouble
from bot.domain.endpoint import Place
from bot.outside import language_model
from bot.settings import Settings

PATIENCE = 30.0
"""Seconds; a model that has to be loaded first takes some."""
_TRY = Request('Answer with the JSON object {"ok": true} and nothing else.', '{"ok": true}', 64)
_WHAT_TO_DO = {
    Trouble.REFUSED: "OPENAI_API_KEY와 OPENAI_MODEL의 이름을 확인하십시오",
    Trouble.UNREACHABLE: "OPENAI_BASE_URL과 그 서버가 떠 있는지를 확인하십시오",
    Trouble.TIMEOUT: "모델 서버가 바쁜지, 모델이 이 기계에 너무 크지 않은지 확인하십시오",
    Trouble.RATE_LIMITED: "모델 서버의 사용 한도를 확인하십시오",
}
_WORDS = {
    Trouble.REFUSED: "요청을 거절했습니다",
    Trouble.UNREACHABLE: "연결되지 않습니다",
    Trouble.TIMEOUT: "제때 답하지 않습니다",
    Trouble.RATE_LIMITED: "사용 한도를 넘었습니다",
    Trouble.MALFORMED: "답하지만 정해진 형식으로 쓰지 못합니다",
}


class _Reply(BaseModel):
    ok: bool


async def check_model(settings: Settings) -> list[Finding]:
    """Whatever is wrong with it, digests go out without it: they are then put together from people's own words."""
    model = language_model(settings)
    if model is None:
        text = "OPENAI_MODEL이 없습니다. 보고는 의견의 원문을 뽑아 만듭니다"
        return [note("model", "언어 모델", text), _transcription(settings)]
    where = f"{model.name}, {_place(settings)}"
    return [await _tried(model, where), _transcription(settings)]


async def _tried(model: LanguageModel, where: str) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE):
            await model.complete(_TRY, _Reply)
    except TimeoutError:
        trouble = Trouble.TIMEOUT
    except ModelFailed as failed:
        trouble = failed.trouble
    else:
        return good("model", "언어 모델", f"답합니다 ({where})")
    text = f"{_WORDS.get(trouble, '쓸 수 없습니다')} ({where}). 고칠 때까지 보고는 원문을 뽑아 나갑니다"
    if trouble is Trouble.MALFORMED:
        return note("model", "언어 모델", text, "JSON을 쓸 줄 아는 모델을 쓰십시오")
    return bad("model", "언어 모델", text, _WHAT_TO_DO.get(trouble, "모델 서버의 기록을 확인하십시오"))


def _place(settings: Settings) -> str:
    host = settings.ai_endpoint.host
    match settings.ai_endpoint.place(settings.ai_hosts):
        case Place.HERE:
            return "이 컴퓨터"
        case Place.TRUSTED:
            return f"기관의 서버 {host}"
        case Place.ABROAD:
            return f"외부 서버 {host}, EXTERNAL_AI={settings.external_ai}"


def _transcription(settings: Settings) -> Finding:
    """Not tried: it would take a recording."""
    if settings.openai_transcribe_model is None:
        text = "OPENAI_TRANSCRIBE_MODEL이 없습니다. 음성은 보관하고, 보고에는 ‘받아쓰지 못한 음성’으로 셉니다"
        return note("transcription", "음성", text)
    return good(
        "transcription", "음성", f"{settings.openai_transcribe_model}로 옮겨 적습니다 ({_place(settings)})"
    )
