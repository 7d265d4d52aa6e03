"""Which message keys the code uses, read from its syntax: literals, and f-strings or sums that end in a name.

`"late.ask"` is a key. `f"menu.{command}"` stands for those keys whose changing part is itself a word of the code
(an enum's value, an entry of a table): otherwise one f-string would excuse every forgotten message of its file.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_HOLE = "(.+?)"
_IN_TEMPLATES = re.compile(r'"([a-z]+\.[a-z0-9_]+)"')
"""Keys in pages are literals: `say("page.when")`."""


@dataclass
class Spoken:
    """What the code says: whole strings, and patterns with holes."""

    literals: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    """Keys of buttons: `Button("…")`."""

    def uses(self, text: str) -> bool:
        """Whether the code says `text`, at once or by putting together what it says."""
        if text in self.literals:
            return True
        found = (re.fullmatch(pattern, text) for pattern in self.patterns)
        return any(match and all(self.uses(part) for part in match.groups()) for match in found)


@cache
def spoken_by_the_code() -> Spoken:
    spoken = Spoken()
    for folder in ("bot", "handlers", "prompts"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            _read(ast.parse(file.read_text(encoding="utf-8")), spoken)
    for file in sorted((ROOT / "bot" / "web" / "templates").rglob("*.html")):
        spoken.literals.update(_IN_TEMPLATES.findall(file.read_text(encoding="utf-8")))
    return spoken


def _read(tree: ast.AST, spoken: Spoken) -> None:
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in pieces:
                spoken.literals.add(text)
            case ast.JoinedStr(values=parts) if _names_something(parts):
                spoken.patterns.add("".join(_piece(part) for part in parts))
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add()):
                spoken.patterns.add(re.escape(text) + _HOLE)
            case ast.Call(func=ast.Name(id="Button"), args=[first, *_]):
                spoken.labels.update(_texts(first))


def _names_something(parts: list[ast.expr]) -> bool:
    """Part of a name and one hole: more holes would fit everything."""
    words = "".join(
        part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )
    holes = sum(_piece(part) == _HOLE for part in parts)
    return holes <= 1 and re.fullmatch(r"[a-z_.]{3,}", words) is not None


def _piece(part: ast.expr) -> str:
    """A piece of an f-string as a pattern: its words, its two alternatives, or a hole."""
    match part:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.FormattedValue(
            value=ast.IfExp(body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other)))
        ):
            return f"(?:{re.escape(one)}|{re.escape(other)})"
        case _:
            return _HOLE


def _texts(node: ast.expr) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
