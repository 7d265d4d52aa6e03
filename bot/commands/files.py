"""Files that a command reads and writes; what goes wrong with them is Failed, in words."""

from pathlib import Path

from bot.commands.desk import Failed


def write_out(text: str, file: Path) -> None:
    """Saves what a command made, in UTF-8, for whoever runs it only. Raises Failed."""
    write_private(f"{text}\n".encode(), file)


def write_private(data: bytes, file: Path) -> None:
    """Saves what only whoever runs this may read. Raises Failed."""
    try:
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_bytes(data)
    except OSError:
        raise Failed(f"파일을 저장하지 못했습니다: {file}") from None


def read_text(file: Path) -> str:
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Failed(f"UTF-8로 저장한 파일이 아닙니다: {file}") from None


def read_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise Failed(f"파일을 읽지 못했습니다: {file}") from None
