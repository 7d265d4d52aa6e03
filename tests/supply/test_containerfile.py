"""What the Containerfile promises, read from it: no container is to be had here (tests/bot/test_read_only.py goes the way)."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Containerfile").read_text(encoding="utf-8")
_PARTS, IMAGE = re.split(r"^FROM .*$", TEXT, flags=re.MULTILINE)[1:]


def test_nobody_runs_it_and_signals_reach_python() -> None:
    assert re.findall(r"^USER (.*)$", IMAGE, re.M) == ["65534:65534"]
    assert json.loads(re.findall(r"^ENTRYPOINT (.*)$", IMAGE, re.M)[0]) == ["python", "-m", "bot"]
    assert json.loads(re.findall(r"^CMD (.*)$", IMAGE, re.M)[0]) == ["run"]
    assert "\nRUN " not in IMAGE, "nothing is made in the image that is run"


def test_only_the_product_and_what_it_needs_to_run_are_in_it() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", _PARTS, re.M))
    assert copied == {"requirements-run.lock", "bot", "handlers", "storage", "prompts", "LICENSE"}
    kept = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in kept if line.startswith("!")} == copied
    assert "*" in kept
    assert "--require-hashes" in _PARTS
    assert "--only-binary :all:" in _PARTS


def test_its_health_is_asked_by_python_and_of_no_proxy() -> None:
    """Whoever lets the bot out by HTTP_PROXY, which is nobody's way to 127.0.0.1."""
    command = json.loads(re.findall(r"^  CMD (.*)$", IMAGE, re.M)[0])
    assert command[0] == "python"

    class Alive(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Alive) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), "http://127.0.0.1:1")
        open_to_all = {"NO_PROXY": "", "no_proxy": ""}
        environment = {**os.environ, **proxies, **open_to_all, "PORT": str(server.server_address[1])}
        asked = [sys.executable, *command[1:]]
        assert subprocess.run(asked, env=environment, timeout=20).returncode == 0
        server.shutdown()
    assert subprocess.run(asked, env=environment, timeout=20, capture_output=True).returncode != 0
