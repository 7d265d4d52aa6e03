"""Voices to an OpenAI-compatible endpoint over real HTTP: what is asked, what is believed, what is tried again."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.endpoint import endpoint
from bot.gateways.language_model import Policy
from bot.gateways.transcription import ALTOGETHER, ATTEMPTS, OpenAiTranscriber
from bot.services.media_work import LEASE
from bot.services.ports import NotWrittenDown
from tests.support.transcriptions import Transcriptions, transcriptions

VOICE = b"OggS an invented voice"
WORDS = "통근버스가 필요합니다."


class Naps:
    """Sleeps that take no time."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
async def served() -> AsyncIterator[Transcriptions]:
    async with transcriptions() as one:
        yield one


def transcriber(url: str, policy: Policy | None = None, naps: Naps | None = None) -> OpenAiTranscriber:
    return OpenAiTranscriber(
        endpoint(url), "a-model", "an-invented-key", policy or Policy(), naps or Naps(), pause=0.01
    )


async def test_a_voice_becomes_words(served: Transcriptions) -> None:
    assert await transcriber(served.url).write_down(VOICE, "audio/ogg") == WORDS
    [asked] = served.asked
    assert (asked.file, asked.name, asked.key) == (VOICE, "voice.ogg", "Bearer an-invented-key")
    assert asked.fields == {"model": "a-model", "response_format": "verbose_json", "temperature": "0"}


def verbose(*segments: dict[str, object]) -> str:
    return json.dumps({"text": "whatever", "segments": list(segments)}, ensure_ascii=False)


async def test_pieces_that_the_model_doubts_itself_are_left_out(served: Transcriptions) -> None:
    served.answers = [
        (
            200,
            verbose(
                {
                    "text": " 버스가 없습니다.",
                    "no_speech_prob": 0.1,
                    "avg_logprob": -0.2,
                    "compression_ratio": 1.2,
                },
                {
                    "text": " 끝까지 봐 주세요.",
                    "no_speech_prob": 0.9,
                    "avg_logprob": -1.4,
                    "compression_ratio": 1.1,
                },
                {
                    "text": " 네네네네네네",
                    "no_speech_prob": 0.1,
                    "avg_logprob": -0.4,
                    "compression_ratio": 3.0,
                },
                {"text": " 월세도 비쌉니다.", "no_speech_prob": "?", "avg_logprob": None},
            ),
        )
    ]
    assert await transcriber(served.url).write_down(VOICE, "audio/ogg") == "버스가 없습니다. 월세도 비쌉니다."


@pytest.mark.parametrize(
    "words", ["시청해주셔서 감사합니다.", "MBC 뉴스 가상기자입니다.", "네 네 네 네 네", "", " "]
)
async def test_what_models_make_of_silence_is_no_transcript(served: Transcriptions, words: str) -> None:
    served.answers = [(200, json.dumps({"text": words}))]
    assert await transcriber(served.url).write_down(VOICE, "audio/ogg") == ""


async def test_a_model_without_details_is_asked_for_none_from_then_on(served: Transcriptions) -> None:
    served.answers = [(400, '{"error": {"message": "response_format"}}'), (200, f'{{"text": "{WORDS}"}}')]
    one = transcriber(served.url)
    for _ in range(2):
        assert await one.write_down(VOICE, "audio/ogg") == WORDS
    assert [asked.fields["response_format"] for asked in served.asked] == ["verbose_json", "json", "json"]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_endpoint_is_asked_again_a_few_times(served: Transcriptions, status: int) -> None:
    naps = Naps()
    served.answers = [(status, "{}"), (status, "{}"), (200, f'{{"text": "{WORDS}"}}')]
    assert await transcriber(served.url, naps=naps).write_down(VOICE, "audio/ogg") == WORDS
    assert len(naps.taken) == 2
    served.answers = [(status, "{}")]
    with pytest.raises(NotWrittenDown) as failed:
        await transcriber(served.url).write_down(VOICE, "audio/ogg")
    assert failed.value.again
    assert len(served.asked) == 3 + ATTEMPTS


@pytest.mark.parametrize(("status", "again"), [(401, True), (404, True), (413, False), (422, False)])
async def test_a_refusal_is_not_repeated(served: Transcriptions, status: int, again: bool) -> None:
    served.answers = [(status, "{}")]
    with pytest.raises(NotWrittenDown) as failed:
        await transcriber(served.url).write_down(VOICE, "audio/ogg")
    assert failed.value.again is again
    assert len(served.asked) == (1 if again else 2), (
        "refused as it is, a voice is offered once more without details"
    )


@pytest.mark.parametrize(
    "body", ["", "not JSON", "[]", '{"text": 5}', '{"segments": []}', '{"segments": [1]}', "null"]
)
async def test_what_is_no_transcript_is_none(served: Transcriptions, body: str) -> None:
    served.answers = [(200, body)]
    with pytest.raises(NotWrittenDown) as failed:
        await transcriber(served.url).write_down(VOICE, "audio/ogg")
    assert failed.value.again


async def test_words_that_no_database_keeps_are_cleaned(served: Transcriptions) -> None:
    served.answers = [(200, '{"text": "버스\\u0000가 \\ud800없습니다."}')]
    assert await transcriber(served.url).write_down(VOICE, "audio/ogg") == "버스가 없습니다."


async def test_a_redirect_leads_nowhere(served: Transcriptions) -> None:
    """A voice goes to the host that the operator named, or nowhere."""
    async with transcriptions() as elsewhere:
        served.answers, served.headers = [(307, "")], {"Location": f"{elsewhere.url}/audio/transcriptions"}
        with pytest.raises(NotWrittenDown):
            await transcriber(served.url).write_down(VOICE, "audio/ogg")
        assert elsewhere.asked == []


async def test_proxies_of_the_environment_are_not_asked(
    served: Transcriptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert await transcriber(served.url).write_down(VOICE, "audio/ogg") == WORDS


async def test_nobody_at_home_is_tried_later() -> None:
    async with transcriptions() as gone:
        url = gone.url
    with pytest.raises(NotWrittenDown) as failed:
        await transcriber(url).write_down(VOICE, "audio/ogg")
    assert failed.value.again
    assert str(failed.value) == "APIConnectionError", "neither address nor key"


async def test_without_leave_no_voice_goes_abroad() -> None:
    one = transcriber("https://api.example.com/v1")
    assert not one.ours
    with pytest.raises(NotWrittenDown) as failed:
        await one.write_down(VOICE, "audio/ogg")
    assert not failed.value.again
    assert transcriber("https://api.example.com/v1", Policy(frozenset({"api.example.com"}))).ours
    assert transcriber("http://127.0.0.1:1/v1").ours
    assert not transcriber("https://api.example.com/v1", Policy(external=True)).ours


async def test_an_endpoint_that_trickles_is_not_waited_for_for_ever() -> None:
    """Each byte comes within every time-out of a single operation."""
    stopped = asyncio.Event()

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while not stopped.is_set():
            await response.write(b" ")
            await asyncio.sleep(0.01)
        return response

    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", trickle)
    async with TestServer(app, host="127.0.0.1") as server:
        one = OpenAiTranscriber(
            endpoint(str(server.make_url("/v1"))), "a-model", None, Policy(), Naps(), altogether=0.3
        )
        async with asyncio.timeout(20):
            with pytest.raises(NotWrittenDown, match="within its time") as refused:
                await one.write_down(VOICE, "audio/ogg")
        stopped.set()
    assert refused.value.again


def test_a_voice_takes_less_than_its_lease() -> None:
    """Fetching and writing down are under one claim: nobody else may take the job meanwhile."""
    assert LEASE.total_seconds() > ALTOGETHER + 120 + 60
