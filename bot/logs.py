"""Logging: events with fields; no note text, no names, no tokens.

An exception is logged by its type and where it was raised, never by its message: database and parser errors
quote what people wrote. Libraries that log addresses with the token, or whole updates, are kept quiet; what others
warn of is logged by its source and type alone. Under all that is a net: secrets that are known are cut out of every line.
"""

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterable
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.domain.concealing import concealed, spellings

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


class _Printer:
    """Standard error, without the secrets that it knows."""

    known: tuple[str, ...] = ()

    def msg(self, line: str) -> None:
        sys.stderr.write(f"{concealed(line, self.known)}\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = msg


_printer = _Printer()


def without_secrets(text: str) -> str:
    """The text without the secrets of this process: for what else is printed."""
    return concealed(text, _printer.known)


class _OfLibraries(logging.Handler):
    """Passes on that a library warned, and nothing that it said."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().warning(
            "library", source=record.name, level_there=record.levelname.lower(), exc_info=record.exc_info
        )


def set_up_logs(form: Literal["console", "json"], secrets: Iterable[str] = ()) -> None:
    """Sets up logging to standard error for the whole process. `secrets` are cut out of whatever is logged from now on."""
    _printer.known = spellings(secrets)
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
        logger_factory=lambda *_: _printer,
        cache_logger_on_first_use=False,
    )


def hush() -> None:
    """What Python itself would print with all its words goes to the log by type and place. For the whole process.

    Errors that nobody caught, in threads too, and in what is cleared away; warnings by their kind.
    """
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda args: _told("unraisable", args.exc_value)
    threading.excepthook = lambda args: _told("thread failed", args.exc_value)
    warnings.showwarning = _warned


def _uncaught(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _told("uncaught", error)


def _told(event: str, error: BaseException | None) -> None:
    structlog.get_logger().error(event, exc_info=error)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    where = f"{filename.rsplit('/', 1)[-1]}:{lineno}"
    structlog.get_logger().warning("warned", kind=category.__name__, where=where)
