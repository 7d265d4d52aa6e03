"""What a participant's form says, checked as a whole: every problem is told at once, and nothing is kept before."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.feedback import PARTICIPANTS, Note, Speaker, Voice
from bot.domain.ids import VoiceId


class Field(StrEnum):
    """The questions of the form, in order."""

    AGREE = "agree"
    SPEAKER = "speaker"
    RATING = "rating"
    TOPIC = "topic"
    WORDS = "words"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said. None, and no letters: not answered. Nothing here is checked yet."""

    speaker: Speaker | None = None
    rating: int | None = None
    topic: str | None = None
    words: str = ""
    name: str = ""

    @property
    def say_something(self) -> bool:
        """Who speaks, and a name, are nothing said by themselves."""
        return self.rating is not None or self.topic is not None or bool(self.words.strip())

    def on(self, note: Note) -> Note:
        """The note as these answers have it. Raises RatingOutOfRange, WordsTooLong."""
        unrated = replace(note, rating=None)
        rated = unrated if self.rating is None else unrated.rated(self.rating)
        return rated.on_topic(self.topic).saying(self.words)


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way, at which question."""

    field: Field
    refusal: Refusal


GIVEN: str | None = None
"""Nothing is wrong with a consent."""


class Incomplete(Refusal):
    """A form that cannot be taken as it is: nothing of it was kept."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("page.problems")
        self.problems = problems


def require_whole(
    answers: Answers, topics: tuple[Topic, ...], blank: Note, *, consent: str | None = GIVEN
) -> Speaker:
    """Who speaks in a form that can be taken. Raises Incomplete with every problem of one that cannot.

    `consent` names the words for what is wrong with it.
    """
    problems: list[Problem] = []

    def told(field: Field, attempt: Callable[[], object]) -> None:
        try:
            attempt()
        except Refusal as refusal:
            problems.append(Problem(field, refusal))

    if consent is not None:
        problems.append(Problem(Field.AGREE, Refusal(consent)))
    if answers.speaker not in PARTICIPANTS:
        problems.append(Problem(Field.SPEAKER, Refusal("page.speaker_missing")))
    told(Field.RATING, lambda: None if answers.rating is None else blank.rated(answers.rating))
    if answers.topic is not None and answers.topic not in {topic.key for topic in topics}:
        problems.append(Problem(Field.TOPIC, Refusal("page.topic_unknown")))
    if not answers.say_something:
        problems.append(Problem(Field.WORDS, Refusal("page.nothing_said")))
    told(Field.WORDS, lambda: blank.saying(answers.words))
    told(Field.NAME, lambda: Voice(VoiceId(""), None, Speaker.OTHER).named(answers.name))
    if problems or answers.speaker is None:
        raise Incomplete(tuple(problems))
    return answers.speaker
