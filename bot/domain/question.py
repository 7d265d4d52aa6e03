"""Questions of the notes (/ask): how long, how many, and for how long they are kept."""

from datetime import timedelta

from bot.domain.errors import Refusal

LONGEST_QUESTION = 300
"""Characters. A sentence or two; more is no question."""
QUESTIONS_AN_HOUR = 20
"""Of one person: enough to read on, too few to go through the notes word by word."""
QUESTION_LIFE = timedelta(minutes=10)
"""What nobody answered by then is destroyed: an update is kept no longer either (fifteen minutes)."""


class NothingAsked(Refusal):
    """The command without a question."""

    def __init__(self) -> None:
        super().__init__("ask.how")


class QuestionTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__("ask.too_long", {"most": LONGEST_QUESTION})


class StillLooking(Refusal):
    """The person's last question is not answered yet."""

    def __init__(self) -> None:
        super().__init__("ask.still_looking")


class TooManyQuestions(Refusal):
    def __init__(self) -> None:
        super().__init__("ask.too_many", {"most": QUESTIONS_AN_HOUR})
