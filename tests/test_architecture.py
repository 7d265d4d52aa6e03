"""What import contracts cannot say: the domain's poverty, who may speak HTTP, what a package's name means."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "handlers", "storage", "prompts")
HTTP = {"httpx", "aiohttp", "urllib.request", "http.client", "requests", "openai", "socket", "smtplib"}
GATEWAYS = "bot/gateways"
SERVERS = ("bot/web", "bot/rehearsal")
"""Where aiohttp's server side is at home."""


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Path from the root, and syntax, of every file of our own."""
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """Everything imported, wherever in the file: `a.b` for `import a.b` and for `from a import b`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{name.name}" for name in names)


def is_within(name: str, *modules: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def uses_http(path: str, name: str) -> bool:
    if not is_within(name, *HTTP):
        return False
    serves = is_within(name, "aiohttp.web", "aiohttp.web_request", "aiohttp.hdrs", "aiohttp.typedefs")
    at_home = path.startswith((*SERVERS, "bot/rehearse/")) or path == "bot/app.py"
    return not (serves and at_home)


def test_the_domain_needs_the_standard_library_and_itself() -> None:
    foreign = {
        f"{path}: {name}"
        for path, tree in sources("bot/domain")
        for name in imports(tree)
        if not is_within(name, "bot.domain", *sys.stdlib_module_names)
    }
    assert foreign == set()


def test_only_gateways_speak_http_to_the_outside() -> None:
    clients = {
        f"{path}: {name}"
        for path, tree in sources(*ROOMS)
        if not path.startswith(GATEWAYS)
        for name in imports(tree)
        if uses_http(path, name)
    }
    assert clients == set()


@pytest.mark.parametrize(
    ("path", "source", "caught"),
    [
        ("bot/services/x.py", "import httpx", True),
        ("bot/services/x.py", "from urllib import request", True),
        ("bot/services/x.py", "from urllib.parse import quote", False),
        ("bot/services/x.py", "from aiohttp import ClientSession", True),
        ("bot/services/x.py", "from aiohttp import web", True),
        ("bot/services/x.py", "def f():\n    import openai", True),
        ("bot/rehearsal/x.py", "from aiohttp import web", False),
        ("bot/rehearsal/x.py", "from aiohttp import ClientSession", True),
        ("bot/rehearsal/x.py", "import aiohttp", True),
        ("bot/web/x.py", "from aiohttp.web import Request", False),
    ],
)
def test_the_ban_on_clients_bites(path: str, source: str, *, caught: bool) -> None:
    assert any(uses_http(path, name) for name in imports(ast.parse(source))) is caught


def test_importing_the_bot_does_nothing() -> None:
    assert (ROOT / "bot" / "__init__.py").read_text(encoding="utf-8") == ""


def test_every_package_says_what_it_is_for() -> None:
    silent = {
        path
        for path, tree in sources(*ROOMS)
        if path.endswith("__init__.py") and path != "bot/__init__.py" and not ast.get_docstring(tree)
    }
    assert silent == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = {
        path for path, tree in sources(*ROOMS) if not ast.get_docstring(tree) and path != "bot/__init__.py"
    }
    assert silent == set()


def test_every_room_has_its_place_in_the_layers() -> None:
    """A module that the contract does not name would be free to import anything."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    [layers] = [contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers"]
    placed = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    rooms = {f"bot.{entry.stem}" for entry in (ROOT / "bot").iterdir() if _is_module(entry)} - {
        "bot.__init__"
    }
    assert rooms | {"handlers", "storage", "prompts"} == placed


def _is_module(entry: Path) -> bool:
    return entry.suffix == ".py" or (entry.is_dir() and (entry / "__init__.py").exists())


def test_tests_have_no_packages_of_their_own() -> None:
    """Test modules are imported by path (importlib mode): two may have one name."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_handlers_reach_no_repository() -> None:
    """They hand the unit on to services; asking it themselves would be a decision in the wrong room."""
    for file in sorted((ROOT / "handlers").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                reached = node.value.attr == "unit" and node.attr != "savepoint"
                assert not reached, f"{file.name}:{node.lineno} reaches unit.{node.attr}"
