"""Our notices for consent, with new versions of some of them from 23 January 2026 on."""

import shutil
from datetime import date
from pathlib import Path

from bot.services.consent import ConsentTexts
from prompts.consent import FOLDER, Notices
from tests.support.plans import SEOUL

NEXT = date(2026, 1, 23)
"""The day from which the new versions are in force."""


def changing(folder: Path, *purposes: str) -> ConsentTexts:
    """The texts, with a new version of each of these purposes' notices; `folder` must not be there yet."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for purpose in purposes:
        for language in ("ko", "en"):
            newest = max((folder / language).glob(f"{purpose}-*.toml"))
            older = newest.read_text(encoding="utf-8")
            since = next(line for line in older.splitlines() if line.startswith("since"))
            version = int(newest.stem.rpartition("-")[2]) + 1
            (folder / language / f"{purpose}-{version}.toml").write_text(
                older.replace(since, f"since = {NEXT.isoformat()}"), encoding="utf-8"
            )
    return ConsentTexts(Notices(folder), SEOUL, 90)
