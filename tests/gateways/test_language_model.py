"""The language model's client against an endpoint that does as it is told: one attempt, every failure one reason."""

import json
from collections.abc import AsyncIterator

import pytest

from bot.digest.model_form import ThemeText
from bot.digest.ports import Answer, ModelFailed, Request, Trouble
from bot.domain.endpoint import endpoint as endpoint_of
from bot.gateways.language_model import OpenAiModel, Patience, Policy
from tests.gateways.served import hangs_up_at_once, nobody_listens
from tests.support.model_endpoint import Drop, Hang, Reply, Served, completion, endpoint, refusal
from tests.support.model_writers import findings, sentence

REQUEST = Request("규칙", "자료", 1500)
TOLD = findings(sentence("통근버스가 늦음", ("n1", "통근버스가 늦습니다")))
GOOD = json.dumps(TOLD, ensure_ascii=False)
KEY = "sk-invented-key-7731"


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with endpoint() as served:
        served.otherwise = None
        yield served


def model_at(
    url: str, *, key: str | None = None, policy: Policy | None = None, answer: float = 10
) -> OpenAiModel:
    patience = Patience(connect=5, answer=answer)
    return OpenAiModel(endpoint_of(url), "가상모형-1", key, policy or Policy(), patience=patience)


async def ask(model: OpenAiModel) -> Answer[ThemeText]:
    return await model.complete(REQUEST, ThemeText)


async def failure(model: OpenAiModel) -> ModelFailed:
    with pytest.raises(ModelFailed) as failed:
        await ask(model)
    return failed.value


async def test_an_answer_in_the_form_comes_with_what_it_took(served: Served) -> None:
    served.script.append(completion(GOOD))
    answer = await ask(model_at(served.url, key=KEY))
    assert answer.value.model_dump() == TOLD
    assert (answer.tokens, answer.estimated) == (321, False)
    [asked] = served.requests
    assert asked["model"] == "가상모형-1"
    assert [one["role"] for one in asked["messages"]] == ["system", "user"]
    assert [one["content"] for one in asked["messages"]] == ["규칙", "자료"]
    assert "tools" not in asked
    schema = asked["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["additionalProperties"] is False
    assert asked["max_tokens"] == 1500
    assert served.headers[0]["Authorization"] == f"Bearer {KEY}"


async def test_when_the_endpoint_does_not_say_what_it_took_it_is_guessed(served: Served) -> None:
    served.script.append(completion(GOOD, tokens=None))
    answer = await ask(model_at(served.url))
    assert answer.estimated
    assert answer.tokens == REQUEST.tokens_at_most


@pytest.mark.parametrize("content", [f"```json\n{GOOD}\n```", f"```\n{GOOD}\n```", f"\n {GOOD}\n"])
async def test_a_fence_around_the_answer_is_taken_off(served: Served, content: str) -> None:
    served.script.append(completion(content))
    assert (await ask(model_at(served.url))).value.model_dump() == TOLD


@pytest.mark.parametrize("status", [400, 422])
async def test_an_endpoint_without_schemas_is_asked_without_from_then_on(served: Served, status: int) -> None:
    served.script.extend(
        [refusal(status, "response_format is not supported"), completion(GOOD), completion(GOOD)]
    )
    model = model_at(served.url)
    await ask(model)
    await ask(model)
    assert ["response_format" in asked for asked in served.requests] == [True, False, False]


async def test_an_endpoint_that_wants_its_limit_by_another_name_gets_it_so(served: Served) -> None:
    refused = refusal(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    served.script.extend([refused, completion(GOOD)])
    await ask(model_at(served.url))
    assert "max_completion_tokens" in served.requests[1]
    assert "max_tokens" not in served.requests[1]
    assert "response_format" in served.requests[1]


async def test_an_endpoint_that_takes_no_manner_refuses(served: Served) -> None:
    served.script.extend([refusal(400)] * 2)
    assert (await failure(model_at(served.url))).trouble is Trouble.REFUSED
    assert len(served.requests) == 2


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (refusal(401), Trouble.REFUSED),
        (refusal(403), Trouble.REFUSED),
        (refusal(404), Trouble.REFUSED),
        (refusal(413), Trouble.REFUSED),
        (refusal(408), Trouble.UNREACHABLE),
        (refusal(409), Trouble.UNREACHABLE),
        (refusal(429), Trouble.RATE_LIMITED),
        (refusal(429, code="insufficient_quota"), Trouble.REFUSED),
        (refusal(500), Trouble.UNREACHABLE),
        (refusal(503), Trouble.UNREACHABLE),
        (refusal(451), Trouble.REFUSED_CONTENT),
        (Reply(b"<html>gateway</html>", 502, {"Content-Type": "text/html"}), Trouble.UNREACHABLE),
        (Reply(b"", 302, {}), Trouble.REFUSED),
        (Drop(), Trouble.UNREACHABLE),
        (completion(GOOD, ending="length"), Trouble.MALFORMED),
        (completion(GOOD, ending="content_filter"), Trouble.REFUSED_CONTENT),
        (completion(None, refusal="I will not."), Trouble.REFUSED_CONTENT),
        (completion(None), Trouble.MALFORMED),
        (completion(""), Trouble.MALFORMED),
        (completion("{}"), Trouble.MALFORMED),
        (completion(GOOD[:-3]), Trouble.MALFORMED),
        (completion("물론입니다! " + GOOD), Trouble.MALFORMED),
        (completion(json.dumps(TOLD | {"advice": "more"})), Trouble.MALFORMED),
        (completion(json.dumps({"findings": [{"kind": "promise", "text": "x", "evidence": []}]})), Trouble.MALFORMED),
        (completion(json.dumps({"findings": [{"kind": "finding", "text": 7, "evidence": []}]})), Trouble.MALFORMED),
        (Reply({"object": "chat.completion", "choices": []}), Trouble.MALFORMED),
        (Reply({"choices": None}), Trouble.MALFORMED),
        (Reply({"choices": [{}]}), Trouble.MALFORMED),
        (Reply({"choices": "x", "usage": "y"}), Trouble.MALFORMED),
        (Reply({}), Trouble.MALFORMED),
        (Reply(b"[1, 2]"), Trouble.MALFORMED),
        (Reply(b'{"choices": [{"mess'), Trouble.MALFORMED),
        (Reply(b"null"), Trouble.MALFORMED),
        (Reply(b""), Trouble.MALFORMED),
        (Reply(b"<html>log in</html>", 200, {"Content-Type": "text/html"}), Trouble.MALFORMED),
        (Reply(b"\xff\xfe\x00", 200), Trouble.MALFORMED),
    ],
)  # fmt: skip
async def test_every_failure_is_one_of_a_few_reasons(
    served: Served, reply: Reply | Drop, trouble: Trouble, capsys: pytest.CaptureFixture[str]
) -> None:
    served.script.append(reply)
    failed = await failure(model_at(served.url, key=KEY))
    assert failed.trouble is trouble
    assert len(served.requests) == 1, "nothing asks again by itself"
    assert failed.__cause__ is None
    told = "".join(capsys.readouterr())
    assert KEY not in told + str(failed)
    assert "자료" not in told


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("0.5", 0.5), ("soon", None), ("-1", None), ("inf", None)]
)
async def test_a_limit_says_how_long_it_lasts(served: Served, header: str, seconds: float | None) -> None:
    served.script.append(refusal(429, retry_after=header))
    assert (await failure(model_at(served.url))).wait == seconds


async def test_what_a_malformed_answer_took_is_known(served: Served) -> None:
    served.script.append(completion("{}", tokens=222))
    assert (await failure(model_at(served.url))).tokens == 222


async def test_an_endpoint_that_does_not_answer_is_given_up_on(served: Served) -> None:
    served.script.append(Hang())
    failed = await failure(model_at(served.url, answer=0.2))
    assert (failed.trouble, failed.tokens) == (Trouble.TIMEOUT, REQUEST.tokens_at_most)


async def test_nobody_there() -> None:
    assert (await failure(model_at(await nobody_listens() + "/v1"))).trouble is Trouble.UNREACHABLE
    async with hangs_up_at_once() as url:
        assert (await failure(model_at(url + "/v1"))).trouble is Trouble.UNREACHABLE


async def test_a_redirect_is_not_followed(served: Served) -> None:
    elsewhere = served.url.replace("/v1", "/elsewhere/chat/completions")
    served.script.extend([Reply({}, 307, {"Location": elsewhere}), completion(GOOD)])
    assert (await failure(model_at(served.url))).trouble is Trouble.REFUSED
    assert served.paths == ["/v1/chat/completions"]


async def test_proxies_of_the_environment_get_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with endpoint() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("OPENAI_BASE_URL", proxy.url)
        monkeypatch.setenv("OPENAI_API_KEY", "another-key")
        served.script.append(completion(GOOD))
        await ask(model_at(served.url))
        assert proxy.requests == []
    assert served.headers[0]["Authorization"] == "Bearer none"


@pytest.mark.parametrize(
    ("url", "policy", "allowed", "abroad"),
    [
        ("http://127.0.0.1:9/v1", Policy(), True, False),
        ("http://llm.example/v1", Policy(), False, True),
        ("http://llm.example/v1", Policy(frozenset({"llm.example"})), True, False),
        ("http://llm.example/v1", Policy(frozenset({"example"})), False, True),
        ("http://a.llm.example/v1", Policy(frozenset({"llm.example"})), False, True),
        ("http://llm.example/v1", Policy(external=True), True, True),
    ],
)
def test_words_go_where_the_operator_said(url: str, policy: Policy, *, allowed: bool, abroad: bool) -> None:
    model = model_at(url, policy=policy)
    assert policy.allows(endpoint_of(url)) is allowed
    assert model.abroad is abroad


async def test_where_they_may_not_go_no_connection_is_made() -> None:
    failed = await failure(model_at("http://llm.example.invalid/v1"))
    assert (failed.trouble, failed.tokens) == (Trouble.NOT_ALLOWED, 0)
