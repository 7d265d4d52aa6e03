"""Whoever may send words somewhere sends them there and nowhere else: redirects, proxies, names that change their machine."""

import _socket
import socket
import ssl
from typing import Any

import pytest

from bot.domain.endpoint import endpoint as endpoint_of
from bot.gateways.language_model import OpenAiModel, Policy
from bot.gateways.openai_client import leaving_from, openai_client
from tests.support.model_endpoint import Reply, completion, endpoint

REBOUND = "llm.example.invalid"
QUESTION = {"messages": [{"role": "user", "content": "가상 canary 의견"}], "model": "m"}


async def asks(url: str) -> None:
    """Words to whatever stands at the address. Raises what openai raises."""
    client = openai_client(endpoint_of(url), None, answer=5, connect=5)
    await client.chat.completions.create(**QUESTION)  # type: ignore[call-overload]


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("scheme", ["http:", ""], ids=["absolute", "without a scheme"])
async def test_whatever_the_redirect_it_is_not_followed(status: int, scheme: str) -> None:
    from openai import APIStatusError

    async with endpoint() as trusted, endpoint() as elsewhere:
        elsewhere.script.append(completion("{}"))
        location = f"{scheme}{elsewhere.url.removeprefix('http:')}/chat/completions"
        trusted.script.append(Reply({}, status, {"Location": location, "Refresh": f"0;url={location}"}))
        with pytest.raises(APIStatusError):
            await asks(trusted.url)
        assert len(trusted.requests) == 1
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    "name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
)
async def test_no_proxy_of_the_environment_hears_a_word(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Nor is one used for an address that is no loopback: the name is looked up here instead, and is not found."""
    from openai import APIConnectionError

    async with endpoint() as proxy, endpoint() as meant:
        for variable, value in ((name, proxy.url), ("NO_PROXY", ""), ("OPENAI_BASE_URL", proxy.url)):
            monkeypatch.setenv(variable, value)
        meant.script.append(completion("{}"))
        await asks(meant.url)
        for scheme in ("http", "https"):
            with pytest.raises(APIConnectionError):
                await asks(f"{scheme}://{REBOUND}/v1")
        assert proxy.requests == []


class Names:
    """A resolver that somebody else governs: for every name another address, each time the next one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.asked: list[str] = []
        self.reached: list[tuple[str, str]] = []
        self._lookup = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self.getaddrinfo)
        monkeypatch.setattr(socket.socket, "connect", lambda one, to: self.connect(one, to))

    def getaddrinfo(self, host: str | bytes, port: int | str, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name[:1].isdigit() or ":" in name:
            return self._lookup(host, port, *rest, **more)
        self.asked.append(name)
        return self._lookup(self.addresses.pop(0), port, *rest, **more)

    def connect(self, one: socket.socket, to: tuple[str, int]) -> None:
        """Nothing leaves: from a loopback address the system refuses to reach another machine."""
        source = one.getsockname()[0]
        self.reached.append((source, to[0]))
        if source not in ("127.0.0.1", "::1") and to[0] != "127.0.0.1":
            raise AssertionError(f"words would have gone from {source} to {to[0]}")
        _socket.socket.connect(one, to)


async def test_a_localhost_that_is_another_machine_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hosts file or resolver that lies about it: EXTERNAL_AI=off means this machine, not that name."""
    from openai import APIConnectionError

    names = Names(monkeypatch, "192.0.2.1")
    with pytest.raises(APIConnectionError):
        await asks("http://localhost:9/v1")
    assert names.reached == [("127.0.0.1", "192.0.2.1")]


async def test_localhost_is_still_this_machine() -> None:
    async with endpoint() as here:
        here.script.append(completion("{}"))
        await asks(here.url.replace("127.0.0.1", "localhost"))
        assert len(here.requests) == 1


async def test_a_name_that_is_not_trusted_is_not_even_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It resolves to this machine now and to another a second later (rebinding): neither makes it ours."""
    names = Names(monkeypatch, "127.0.0.1", "192.0.2.1")
    model = OpenAiModel(endpoint_of(f"http://{REBOUND}:9/v1"), "m", None, Policy())
    assert not Policy().allows(endpoint_of(f"http://{REBOUND}:9/v1"))
    assert model.abroad
    assert names.asked == []


async def test_a_trusted_name_is_looked_up_once_for_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked up is what is connected to: there is no second look in between."""
    async with endpoint() as here:
        here.script.append(completion("{}"))
        names = Names(monkeypatch, "127.0.0.1", "192.0.2.1")
        await asks(here.url.replace("127.0.0.1", REBOUND))
        assert names.asked == [REBOUND]
        assert [to for _, to in names.reached] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("http://127.0.0.1:8000/v1", "127.0.0.1"),
        ("http://localhost:8000/v1", "127.0.0.1"),
        ("http://[::1]:8000/v1", "::1"),
        ("https://llm.example.invalid/v1", None),
        ("http://10.0.0.7:8000/v1", None),
    ],
)
def test_connections_to_this_machine_leave_from_it(url: str, source: str | None) -> None:
    assert leaving_from(endpoint_of(url)) == source


def test_who_stands_at_an_https_address_must_prove_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the system's authorities: none that the environment names."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/canary.pem")
    client = openai_client(endpoint_of("https://llm.example.invalid/v1"), None, answer=5, connect=5)
    context = client._client._transport._pool._ssl_context  # type: ignore[attr-defined]
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
