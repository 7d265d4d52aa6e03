"""What a staff member was asked, and the words and files that wait for their meeting: a dialogue row, for fifteen minutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.dialogue import alive
from bot.domain.media import Sent, from_text, to_text
from bot.domain.person import Person
from bot.services.unit import Unit
from storage.repositories.dialogues import Dialogue

WORDS_WAIT, NEXT_WORDS, NEW_WORDS = "notes.choose", "notes.at", "notes.change"
"""Words that came first, a meeting that was chosen first, a note whose words are to be changed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked less than fifteen minutes ago (None: nothing), about what, and the files that wait with it."""

    step: str | None = None
    subject: str = ""
    files: tuple[Sent, ...] = ()


async def asked(unit: Unit, person: Person, now: datetime) -> Asked:
    dialogue = await unit.dialogues.of(person.chat)
    steps = (WORDS_WAIT, NEXT_WORDS, NEW_WORDS)
    if dialogue is None or dialogue.step not in steps or not alive(dialogue.last_step_at, now):
        return Asked()
    return Asked(dialogue.step, dialogue.state["subject"], from_text(dialogue.state.get("files", "[]")))


async def ask(
    unit: Unit, person: Person, step: str, subject: str, now: datetime, files: Iterable[Sent] = ()
) -> None:
    state = {"subject": subject, "files": to_text(files)}
    await unit.dialogues.keep(Dialogue(person.chat, step, state, private=False, last_step_at=now))
