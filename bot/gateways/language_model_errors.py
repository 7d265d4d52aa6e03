"""What went wrong at a language model's endpoint, as one of a few reasons."""

import json
import math

from bot.digest.ports import ModelFailed, Request, Trouble

_LIMITED, _FORBIDDEN_BY_LAW = 429, 451
_SERVER = 500
_FOR_NOW = (408, 409)
_LONGEST_WAIT = 3600.0
"""Seconds; a Retry-After beyond it is as good as none."""


def trouble_of(error: Exception, request: Request) -> ModelFailed:
    """The failure for an error of the client's, or for what it makes of an answer that is none.

    openai raises AttributeError, JSONDecodeError and others for answers that are not its protocol.
    """
    from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

    match error:
        case APITimeoutError() | TimeoutError():  # it may be writing still
            return ModelFailed(Trouble.TIMEOUT, tokens=request.tokens_at_most, estimated=True)
        case APIConnectionError():
            return ModelFailed(Trouble.UNREACHABLE)
        case APIStatusError():
            return _of_status(error.status_code, error.response.headers.get("retry-after"), error.code)
        case (
            json.JSONDecodeError() | AttributeError() | IndexError() | KeyError() | TypeError() | ValueError()
        ):
            return ModelFailed(Trouble.MALFORMED, tokens=request.tokens_at_most, estimated=True)
        case OpenAIError():
            return ModelFailed(Trouble.MALFORMED, tokens=request.tokens_at_most, estimated=True)
        case _:
            return ModelFailed(Trouble.UNREACHABLE)


def _of_status(status: int, retry_after: str | None, code: str | None) -> ModelFailed:
    if status == _LIMITED:
        # an account without credit answers 429 too, and waiting does not fill it
        if code == "insufficient_quota":
            return ModelFailed(Trouble.REFUSED)
        return ModelFailed(Trouble.RATE_LIMITED, wait=_seconds(retry_after))
    if status in _FOR_NOW or status >= _SERVER:
        return ModelFailed(Trouble.UNREACHABLE, wait=_seconds(retry_after))
    if status == _FORBIDDEN_BY_LAW or code == "content_filter":
        return ModelFailed(Trouble.REFUSED_CONTENT)
    return ModelFailed(Trouble.REFUSED)


def _seconds(retry_after: str | None) -> float | None:
    """Of a Retry-After header (RFC 9110); one that names a date instead is not used."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    return min(seconds, _LONGEST_WAIT) if math.isfinite(seconds) and seconds >= 0 else None
