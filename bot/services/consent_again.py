"""Consent asked anew: a note to come rests on the texts in force, each purpose by itself.

A text that changed is put before whoever would leave another note, and that text alone. Notes that stand rest on what was
agreed to then, and changing them asks for nothing.
"""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.dialogue import Progress, Step
from bot.domain.feedback import ASKED_IN_CHAT, Consent, Purpose
from bot.domain.ids import VoiceId, hash_of
from bot.services.consent import ConsentTexts
from bot.services.unit import Unit


async def asked_again(
    unit: Unit, texts: ConsentTexts, progress: Progress, *, now: datetime
) -> Progress | None:
    """Back at the question of consent, for what changed; None when the note may be kept, or is there already."""
    if await unit.notes.by_secret(hash_of(progress.secret)) is not None:
        return None
    return renewed(progress, await _rests_on(unit, progress), texts, now=now)


def renewed(
    progress: Progress, rests_on: dict[Purpose, str], texts: ConsentTexts, *, now: datetime
) -> Progress | None:
    """The question anew for every text that is another one than what the consent rests on; None for none."""
    changed = texts.changed(rests_on, now=now)
    if not changed:
        return None
    return replace(
        progress,
        step=Step.CONSENT,
        shown={**rests_on, **changed},
        agreed=frozenset(ASKED_IN_CHAT) - changed.keys(),
        again=frozenset(changed),
    )


async def record(unit: Unit, voice: VoiceId, progress: Progress, day: date) -> None:
    """What was agreed to anew, beside what was agreed to before."""
    for purpose, version in progress.shown.items():
        await unit.voices.agree(Consent(voice, purpose, version, day))


async def _rests_on(unit: Unit, progress: Progress) -> dict[Purpose, str]:
    """The newest versions that the voice agreed to; before it spoke, those that were shown in this dialogue."""
    if progress.voice is None:
        return dict(progress.shown)
    return {
        purpose: version for purpose, (version, _) in (await unit.voices.agreements(progress.voice)).items()
    }
