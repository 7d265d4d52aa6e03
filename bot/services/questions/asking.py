"""Somebody asks: the question is kept until the clock's edge answers it. Nothing is looked up while others wait."""

from datetime import datetime, timedelta

from bot.domain.access_log import SEVERAL, Why
from bot.domain.ids import new_id
from bot.domain.person import Action, Person
from bot.domain.question import (
    LONGEST_QUESTION,
    QUESTIONS_AN_HOUR,
    NothingAsked,
    QuestionTooLong,
    StillLooking,
    TooManyQuestions,
)
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry
from storage.repositories.questions import Question

ASKED = "notes_asked"
"""In the access log: that somebody asked. No word of the question."""
_HOUR = timedelta(hours=1)


async def ask(unit: Unit, person: Person, words: str, *, now: datetime) -> None:
    """Takes a question. Raises NotAllowed, NothingAsked, QuestionTooLong, TooManyQuestions, StillLooking."""
    person.require_somewhere(Action.READ_DIGEST)
    told = " ".join(words.split())
    if not any(map(str.isalnum, told)):
        raise NothingAsked
    if len(told) > LONGEST_QUESTION:
        raise QuestionTooLong
    lately = await unit.audit.since(now - _HOUR, ASKED)
    if sum(one.actor == person.id for one in lately) >= QUESTIONS_AN_HOUR:
        raise TooManyQuestions
    question = Question(new_id(), person.id, told, now)
    if not await unit.questions.keep(question):
        raise StillLooking
    await unit.audit.record(AuditEntry(now, person.id, ASKED, question.id, {}, SEVERAL, Why.DUTY))
