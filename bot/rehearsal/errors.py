"""Refusals, worded as Telegram words them."""

from collections.abc import Mapping


class ApiError(Exception):
    """A call that Telegram would refuse; becomes `{"ok": false, …}` with the same HTTP status."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, object] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, object]:
        """The JSON body of the refusal."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = dict(self.parameters)
        return body


class UserError(ValueError):
    """Something that no Telegram client would let a person do."""


def bad_request(what: str) -> ApiError:
    """400, in Telegram's wording."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """403, in Telegram's wording."""
    return ApiError(403, f"Forbidden: {what}")


def conflict(what: str) -> ApiError:
    """409, in Telegram's wording."""
    return ApiError(409, f"Conflict: {what}")
