"""The operator's worksheet as files: the document, and the pieces that depend on the settings. Korean only: it is for Korean law.

`document.md` and `pieces.toml` leave `{names}` open. Filled strictly: a name without a value, or a value that nothing
uses, is an error, so that no line is printed with a hole in it. May be imported by the command that prints it.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

FOLDER = Path(__file__).parent


class WorksheetError(Exception):
    """The worksheet's files and what fills them do not fit together."""


def piece(key: str, **values: object) -> str:
    """A piece by `section.name`, with its values; values that it does not use are left out. Raises WorksheetError."""
    section, _, name = key.partition(".")
    try:
        text = _pieces()[section][name]
        return text.strip("\n").format(**values) + ("\n" if text.endswith("|\n") else "")
    except KeyError as missing:
        raise WorksheetError(f"{key}: {missing} missing") from None


def document(values: Mapping[str, str]) -> str:
    """The whole, as Markdown. Raises WorksheetError unless `values` are exactly what it leaves open."""
    text = (FOLDER / "document.md").read_text(encoding="utf-8")
    wanted = {name for _, name, _, _ in Formatter().parse(text) if name}
    if wanted != values.keys():
        raise WorksheetError(f"document: {sorted(wanted ^ values.keys())}")
    return text.format(**values)


def keys() -> frozenset[str]:
    """Every piece there is."""
    return frozenset(f"{section}.{name}" for section, names in _pieces().items() for name in names)


@cache
def _pieces() -> Mapping[str, Mapping[str, str]]:
    whole: dict[str, dict[str, str]] = tomllib.loads((FOLDER / "pieces.toml").read_text(encoding="utf-8"))
    return whole
