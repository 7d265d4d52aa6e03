"""A participant's way through the questions of one meeting, as the dialogue row keeps it between two steps.

It is all that ties a chat to a voice, and it is destroyed fifteen minutes after the last step.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.feedback import ASKED_IN_CHAT, Purpose, Speaker
from bot.domain.ids import MeetingId, Secret, VoiceId

DIALOGUE_LIFE = timedelta(minutes=15)
"""After the last step: then the row, raw updates and private deliveries of the chat are destroyed (consent text)."""


class Step(StrEnum):
    """What was asked last."""

    CONSENT = "consent"
    SPEAKER = "speaker"
    RATING = "rating"
    TOPIC = "topic"
    WORDS = "words"
    NAME = "name"
    DONE = "done"


WAITS_FOR_WORDS = frozenset({Step.RATING, Step.TOPIC, Step.WORDS, Step.NAME})
"""Where plain words are certainly meant for this dialogue: people write before every button was pressed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a chat stands with one meeting.

    `secret` is in the buttons; the note that comes of this bears its hash. It stands here openly, as it does in the
    payload of the deliveries that live as long: words that are typed carry no button. `shown` are the versions of the
    notices that were put before the person. `voice` is None until something was said. `earlier` are the notes of other
    meetings in the same stretch, so that going back to their code goes on with the same voice. `again`: the purposes that
    are asked anew, because their text changed; empty when all are asked.
    """

    step: Step
    meeting: MeetingId
    secret: Secret
    shown: Mapping[Purpose, str] = field(default_factory=dict)
    agreed: frozenset[Purpose] = frozenset()
    speaker: Speaker | None = None
    voice: VoiceId | None = None
    earlier: Mapping[MeetingId, Secret] = field(default_factory=dict)
    again: frozenset[Purpose] = frozenset()

    @property
    def consented(self) -> bool:
        return self.agreed == frozenset(ASKED_IN_CHAT)

    @property
    def may_speak(self) -> bool:
        """Consent was given and it is known who speaks."""
        return self.consented and self.speaker is not None

    def at(self, step: Step) -> "Progress":
        return replace(self, step=step)

    def left_behind(self, *, said_something: bool) -> dict[MeetingId, Secret]:
        """The notes of this stretch by meeting, for the next meeting's progress."""
        return {**self.earlier, self.meeting: self.secret} if said_something else dict(self.earlier)

    def to_state(self) -> dict[str, str]:
        """Plain text for the row; `step` has a column of its own."""
        return {
            "meeting": self.meeting,
            "secret": self.secret,
            "shown": json.dumps(dict(self.shown)),
            "agreed": ",".join(sorted(self.agreed)),
            "speaker": self.speaker or "",
            "voice": self.voice or "",
            "earlier": json.dumps(dict(self.earlier)),
            "again": ",".join(sorted(self.again)),
        }

    @classmethod
    def from_state(cls, step: Step, state: Mapping[str, str]) -> "Progress":
        """The inverse of `to_state`."""
        shown: dict[str, str] = json.loads(state["shown"])
        earlier: dict[str, str] = json.loads(state["earlier"])
        return cls(
            step=step,
            meeting=MeetingId(state["meeting"]),
            secret=Secret(state["secret"]),
            shown={Purpose(purpose): version for purpose, version in shown.items()},
            agreed=frozenset(Purpose(one) for one in state["agreed"].split(",") if one),
            speaker=Speaker(state["speaker"]) if state["speaker"] else None,
            voice=VoiceId(state["voice"]) if state["voice"] else None,
            earlier={MeetingId(meeting): Secret(secret) for meeting, secret in earlier.items()},
            again=frozenset(Purpose(one) for one in state.get("again", "").split(",") if one),
        )


def alive(last_step_at: datetime, now: datetime) -> bool:
    """Whether a dialogue goes on: after fifteen minutes it is over, destroyed already or not."""
    return now - last_step_at < DIALOGUE_LIFE
