"""A known vulnerability fails the check, an accepted one does not, and a service that is not there is told and no failure.

The real `uv audit` against a stand-in for OSV on this machine: what uv makes of our lock is what would change unnoticed.
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.supply import advisories
from tests.supply.advisories import Known, ask, main
from tests.supply.lock import read_lock

ENTRIES = read_lock(Path(__file__).parents[2] / "requirements.lock")
ID = "PYSEC-0000-1"


class Osv(BaseHTTPRequestHandler):
    """Knows one thing against aiohttp; `status` is what it answers with, None: nothing at all."""

    status: int | None = 200
    asked: list[dict[str, Any]]
    over = threading.Event()

    def do_POST(self) -> None:
        queries = json.loads(self.rfile.read(int(self.headers["content-length"])))["queries"]
        self.asked.extend(queries)
        hits = [{"vulns": [{"id": ID, "modified": "2026-01-01T00:00:00Z"}]}, {}]
        self.answer({"results": [hits[query["package"]["name"] != "aiohttp"] for query in queries]})

    def do_GET(self) -> None:
        package = {"ecosystem": "PyPI", "name": "aiohttp"}
        events = [{"introduced": "0"}, {"fixed": "99.0"}]
        affected = [{"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}]
        self.answer(
            {"id": ID, "modified": "2026-01-01T00:00:00Z", "summary": "가상 취약점", "affected": affected}
        )

    def answer(self, what: object) -> None:
        if self.status is None:
            self.over.wait()
            return
        body = json.dumps(what).encode() if self.status == 200 else b""
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def osv(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Osv, "asked", [], raising=False)
    Osv.over.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Osv) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        Osv.over.set()
        server.shutdown()


def test_every_locked_version_is_asked_about_and_what_is_known_fails(
    osv: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(osv) == 1
    said = capsys.readouterr().out
    [version] = [one.version for one in ENTRIES if one.name == "aiohttp"]
    assert f"aiohttp {version}: {ID}, mended in 99.0: 가상 취약점" in said
    asked = {
        (query["package"]["ecosystem"], query["package"]["name"], query["version"]) for query in Osv.asked
    }
    assert asked == {("PyPI", one.name, str(one.version)) for one in ENTRIES}


def test_nothing_known_and_accepted_are_well(
    osv: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [one for one in ENTRIES if one.name != "aiohttp"]
    assert ask(others, (), osv).known is Known.NOTHING
    monkeypatch.setattr(advisories, "accepted_advisories", lambda _: {ID: "가상 사유"})
    assert main(osv) == 0
    assert (
        f"No known vulnerability in {len(ENTRIES)} locked packages (1 accepted)." in capsys.readouterr().out
    )


@pytest.mark.parametrize("status", [404, 500, None])
def test_a_service_that_does_not_answer_is_told_and_fails_only_where_it_must(
    osv: str, status: int | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Osv, "status", status)
    monkeypatch.setattr(advisories, "ask", lambda *given: ask(*given, within=0.8))
    assert main(osv) == 0
    assert "NOT CHECKED for known vulnerabilities" in capsys.readouterr().out
    if status == 404:
        assert main(osv, required=True) == 1


def test_nobody_at_the_address_is_told() -> None:
    assert ask(ENTRIES[:1], (), "http://127.0.0.1:9/", within=0.8).known is Known.NOT_HAD


def test_a_lock_that_uv_does_not_understand_is_no_network_failure(
    osv: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(advisories, "as_uv_lock", lambda _: "version = 1\n[[package]]\n")
    assert main(osv) == 1
    assert "could not read" in capsys.readouterr().out
