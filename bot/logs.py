"""Logging: events with fields; no note text, no names, no tokens.

An exception is logged by its type and where it was raised, never by its message: database and parser errors
quote what people wrote. Libraries that log addresses with the token, or whole updates, are kept quiet; what others
warn of is logged by its source and type alone.
"""

import logging
import sys
import traceback
from typing import Literal

import structlog
from structlog.typing import EventDict, WrappedLogger

_QUIET = ("httpx", "httpcore", "telegram", "apscheduler", "aiohttp.access", "sqlalchemy", "alembic")


def _error_in(event: EventDict) -> BaseException | None:
    """The exception of an event, however it was given: itself, as a triple, or `True` for the one in hand."""
    match event.pop("exc_info", None):
        case BaseException() as error:
            return error
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exc_info()[1]
        case _:
            return None


def _without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    error = _error_in(event)
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        event["failure"] = type(error).__name__
        event["where"] = [
            f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}:{frame.name}" for frame in frames[-8:]
        ]
    return event


class _OfLibraries(logging.Handler):
    """Passes on that a library warned, and nothing that it said."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().warning(
            "library", source=record.name, level_there=record.levelname.lower(), exc_info=record.exc_info
        )


def set_up_logs(form: Literal["console", "json"]) -> None:
    """Sets up logging to standard error for the whole process."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    logging.basicConfig(handlers=[_OfLibraries(logging.WARNING)], level=logging.WARNING, force=True)
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
