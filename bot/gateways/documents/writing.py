"""A report written in the form that is asked for: here, or in a process of its own.

Type setting takes 100 to 200 MB while it works, and its libraries are native: a process of its own gives the memory back and
takes a crash with it. Nothing is put on disk: the report goes in and the file comes out through pipes.
"""

import subprocess
import sys
import threading
from pathlib import Path

from pydantic import TypeAdapter

from bot.digest.report import FileForm, Report
from bot.gateways.documents.html import html_of

WITHIN = 60.0
"""Seconds for the process; a day of 200 notes takes one."""
AT_A_TIME = 2
"""Processes side by side: the others wait their turn."""
CODEC = TypeAdapter(Report)
_ROOT = Path(__file__).parents[3]


class NotWritten(Exception):
    """The process gave no file. The text says what it ended with, and nothing of the report."""


def written(report: Report, form: FileForm) -> bytes:
    """Here and now. Libraries are loaded when they are first needed."""
    match form:
        case FileForm.HTML:
            return html_of(report)
        case FileForm.PDF:
            from bot.gateways.documents.typesetting import pdf_of

            return pdf_of(report)
        case FileForm.HWPX:
            from bot.gateways.documents.hwpx import hwpx_of

            return hwpx_of(report)
        case FileForm.DOCX:
            from bot.gateways.documents.docx import docx_of

            return docx_of(report)


class WrittenApart:
    """Writes in processes of their own, AT_A_TIME at most; blocks, so it is called in a thread. HTML is written here."""

    def __init__(self, most: int = AT_A_TIME) -> None:
        self._places = threading.BoundedSemaphore(most)

    def __call__(self, report: Report, form: FileForm) -> bytes:
        """Raises NotWritten."""
        if form is FileForm.HTML:
            return html_of(report)
        with self._places:
            return _apart(CODEC.dump_json(report), form)


def _apart(report: bytes, form: FileForm) -> bytes:
    """With an empty environment, its standard error dropped: libraries may tell of what they stumble over."""
    command = [sys.executable, "-m", "bot.gateways.documents.child", form.value]
    try:
        done = subprocess.run(  # noqa: S603 (our own module, by our own interpreter)
            command,
            input=report,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=_ROOT,
            timeout=WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotWritten(f"{form.value}: not within its time") from None
    if done.returncode != 0 or not done.stdout:
        raise NotWritten(f"{form.value}: ended with {done.returncode}")
    return done.stdout
