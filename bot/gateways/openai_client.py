"""The client of an OpenAI-compatible endpoint, for whoever asks one: words go to the host that the operator named, or nowhere.

- Redirects are not followed, whatever their status and wherever they lead.
- Proxies, certificates and addresses of the environment are not used.
- A name is looked up once for each connection, by the connection itself, so there is no moment between a check and a
  connection in which it could come to mean another machine: what is checked is the name (bot.domain.endpoint).
- For this machine (EXTERNAL_AI=off) the name alone is not enough: whoever answers for `localhost` could name another one. The
  connection leaves from a loopback address, from which the system reaches no other machine (EINVAL).
- Who stands at an https address must prove it by a certificate of the system's authorities.

openai is imported when a client is first made: it takes half a second.
"""

from typing import TYPE_CHECKING

from bot.domain.endpoint import LOOPBACK, Endpoint

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_NO_KEY = "none"
"""For endpoints without keys: the client insists on one."""


def openai_client(endpoint: Endpoint, key: str | None, *, answer: float, connect: float) -> "AsyncOpenAI":
    """A client that asks once. `answer`, `connect`: seconds for an operation, and to connect.

    Connections are closed after each answer, so there is nothing to shut down.
    """
    import httpx2
    from openai import AsyncOpenAI

    timeout = httpx2.Timeout(answer, connect=connect)
    transport = httpx2.AsyncHTTPTransport(
        verify=True,
        trust_env=False,
        limits=httpx2.Limits(max_keepalive_connections=0),
        local_address=leaving_from(endpoint),
    )
    return AsyncOpenAI(
        api_key=key or _NO_KEY,
        base_url=endpoint.url,
        max_retries=0,
        timeout=timeout,
        http_client=httpx2.AsyncClient(
            transport=transport, trust_env=False, follow_redirects=False, timeout=timeout
        ),
    )


def leaving_from(endpoint: Endpoint) -> str | None:
    """The address that connections leave from; None: the system's choice. `localhost` is reached by IPv4."""
    if endpoint.host not in LOOPBACK:
        return None
    return "::1" if endpoint.host == "::1" else "127.0.0.1"
