"""The program that reads Korean, started by `process`: frames in, frames out, until its parent is gone.

It gets no secrets, of the environment only where libraries lie, opens no connection, starts no program, writes no file, leaves no core, and
yields to everybody else on the machine. It ends when its input ends, even in the middle of work: a bot that was
killed leaves nothing behind.
"""

import os
import queue
import resource
import sys
import threading
from pathlib import Path
from typing import BinaryIO

NICE = 10
MOST_MEMORY = 3 << 30
"""Bytes of address space: some ten times what the packages take, so that a strange text cannot eat the machine."""
_FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
)


def main() -> int:
    """1: the packages could not be loaded."""
    answers = _quiet()
    requests = _listening()
    _humble()
    sys.path.insert(0, str(Path(__file__).parents[3]))
    sys.path.extend(path for path in sys.argv[1:] if path not in sys.path)
    from bot.gateways.analysis import frames
    from bot.gateways.analysis.korean import Korean

    try:
        korean = Korean()
    except Exception:  # noqa: BLE001 (the parent says that there is none)
        return 1
    _say(answers, frames.frame(frames.HELLO + korean.version.encode()))
    while True:
        try:
            texts = [_readable(text) for text in frames.texts_of(requests.get())]
            answer = frames.answered(reading.to_bytes() for reading in korean.read(texts))
        except Exception as error:  # noqa: BLE001 (by its type: its words may be people's)
            answer = frames.FAILED + type(error).__name__.encode()
        _say(answers, frames.frame(answer))


def _quiet() -> BinaryIO:
    """Where answers go. What a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    return answers


def _listening() -> "queue.Queue[bytes]":
    """What is asked. The thread ends the process with its input, whatever else goes on."""
    requests: queue.Queue[bytes] = queue.Queue()

    def listen() -> None:
        source = sys.stdin.buffer
        while len(head := source.read(4)) == 4:
            requests.put(source.read(int.from_bytes(head, "big")))
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    return requests


def _humble() -> None:
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _readable(text: str) -> str:
    """Without what is no character: half of a surrogate pair has no UTF-8. Nothing moves: offsets stay right."""
    return "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)


def _say(answers: BinaryIO, told: bytes) -> None:
    answers.write(told)
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
