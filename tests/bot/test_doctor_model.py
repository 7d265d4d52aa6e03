"""`doctor` about the language model: tried once, with next to nothing."""

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.rehearsal.server import serve
from bot.settings import Settings
from tests.support.console import Console
from tests.support.doctor import Json, diagnosed, found, fresh


@pytest.fixture
def settings(console: Console) -> Settings:
    return fresh(console)


def completion(content: str) -> Json:
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 30, "completion_tokens": 5, "total_tokens": 35}
    body: Json = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "virtual",
        "choices": [choice],
    }
    return {**body, "usage": usage}


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, completion('{"ok": true}'), "✓ 언어 모델: 답합니다 (virtual, 이 컴퓨터)"),
        (200, completion("네, 알겠습니다."), "– 언어 모델: 답하지만 정해진 형식으로 쓰지 못합니다 (virtual"),
        (401, {"error": {"message": "bad key"}}, "✗ 언어 모델: 요청을 거절했습니다 (virtual, 이 컴퓨터)"),
        (429, {"error": {"message": "slow"}}, "✗ 언어 모델: 사용 한도를 넘었습니다 (virtual, 이 컴퓨터)"),
    ],
)
async def test_a_language_model_is_tried_once(settings: Settings, status: int, body: Json, said: str) -> None:
    asked: list[object] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    async with serve(app) as url:
        there = {
            "openai_model": "virtual",
            "openai_base_url": f"{url}/v1",
            "openai_api_key": SecretStr("hidden"),
        }
        diagnosis = await diagnosed(settings.model_copy(update=there))
    [model] = [one.line for one in diagnosis.findings if one.check == "model"]
    assert model.startswith(said)
    assert len(asked) == 1
    assert "hidden" not in diagnosis.as_text()


async def test_where_a_language_model_stands_is_said(settings: Settings) -> None:
    assert (await found(settings, "model")).line.startswith("– 언어 모델: OPENAI_MODEL이 없습니다. 보고는")
    assert (await found(settings, "transcription")).line.startswith(
        "– 음성: OPENAI_TRANSCRIBE_MODEL이 없습니다."
    )
    async with serve(web.Application()) as url:
        gone = url.replace("127.0.0.1", "localhost")
    there = {"openai_model": "virtual", "openai_transcribe_model": "virtual-ears", "openai_base_url": gone}
    nobody = settings.model_copy(update=there)
    assert (await found(nobody, "model")).line.startswith(
        "✗ 언어 모델: 연결되지 않습니다 (virtual, 이 컴퓨터)."
    )
    assert (await found(nobody, "transcription")).line == "✓ 음성: virtual-ears로 옮겨 적습니다 (이 컴퓨터)"
