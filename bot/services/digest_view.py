"""A stored digest as people read it in chat: sections that unfold by buttons, parts that fit a message."""

from datetime import datetime

from bot.digest import as_chat
from bot.digest.as_chat import compose, sections
from bot.digest.as_report import report
from bot.digest.chat_editing import compose_sentences
from bot.digest.editing import listed_in
from bot.digest.edition import Words
from bot.digest.report import FileForm, Report
from bot.domain.delivery import Button, Draft, Keyboard, Need
from bot.domain.digest import Digest
from bot.domain.errors import ButtonUnknown
from bot.domain.markup import without_markup
from bot.domain.person import Action
from bot.services.digest_subject import is_withheld, section_data
from bot.services.digests import digest_of
from bot.services.unit import Unit
from bot.services.wording import Composed
from prompts.messages import FIRST_LANGUAGE, Messages
from storage.repositories.digests import StoredDigest

SUMMARY = as_chat.SUMMARY
DRAFT = "draft:"
"""Before a section's key in a delivery: it goes to somebody who approves the draft."""
FILE = "file"
"""In a button's data: all sections as a file, whose form is asked for next …"""
FORMS = {f"f{form.value}": form for form in FileForm}
"""… and then stands in the data."""


def section_keyboard(digest_id: str, digest: Digest, *, file: bool = True) -> Keyboard:
    """A button a section besides the summary, in reading order, and one for the whole as a `file`; two in a row."""
    buttons = [
        Button(section.label, section.values, data=section_data(digest_id, section.key))
        for section in sections(digest)
        if section.key != SUMMARY
    ]
    if buttons and file:
        buttons.append(Button("digest.file_button", data=section_data(digest_id, FILE)))
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


def _forms(digest_id: str) -> Keyboard:
    """A button for each form of the file."""
    buttons = [
        Button(f"report.{form.value}", data=section_data(digest_id, data)) for data, form in FORMS.items()
    ]
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


class DigestView:
    """Composes sections; also the composer of deliveries that show one (`__call__`)."""

    def __init__(self, messages: Messages, *, approval: bool = False) -> None:
        """`approval`: a day's first digest is shown to nobody but its approvers before it is sent."""
        self._messages = messages
        self._approval = approval

    def withholds(self, stored: StoredDigest) -> bool:
        return self._approval and is_withheld(stored)

    def drafts(
        self, stored: StoredDigest, section: str, *, now: datetime, language: str = FIRST_LANGUAGE
    ) -> list[Draft]:
        """The messages that show a section to a reader of `language`, in order.

        Raises ButtonUnknown for a section that is not there.
        """
        digest = digest_of(stored)
        needs = (Need(Action.READ_DIGEST, stored.region),)
        withheld = self.withholds(stored)
        if withheld and (section == FILE or section in FORMS):
            raise ButtonUnknown  # a draft does not leave the chat
        if section == FILE:
            return [Draft("report.choose", keyboard=_forms(stored.id), needs=needs)]
        if section in FORMS:
            return [Draft("report.sent", document=f"digest:{stored.id}.{FORMS[section].value}", needs=needs)]
        if section not in {known.key for known in sections(digest)}:
            raise ButtonUnknown
        parts = compose(digest, section, self._messages, now, language)
        keyboard = section_keyboard(stored.id, digest, file=not withheld) if section == SUMMARY else ()
        last = len(parts) - 1
        return [
            Draft(
                key="digest.section",
                values={"digest": stored.id, "section": DRAFT * withheld + section, "part": part},
                keyboard=keyboard if part == last else (),
                needs=needs,
            )
            for part in range(len(parts))
        ]

    def remark(self, stored: StoredDigest, due: datetime, *, now: datetime) -> Draft | None:
        """What to say above a digest that managers do not have yet; `due` is when the day's first one is sent."""
        if stored.published_at is not None:
            return None
        if self.withholds(stored):
            return Draft("approval.draft")
        if stored.revision > 1:
            return Draft("digest.interim_revision")
        return Draft("digest.interim", {"due": due}) if now < due else Draft("digest.not_sent")

    def words(self, now: datetime, language: str = FIRST_LANGUAGE) -> Words:
        """Messages as plain text, for a reader of `language`."""
        return lambda key, values: self._messages.plain(key, values, now=now, language=language)

    def report(self, stored: StoredDigest, *, now: datetime, language: str = FIRST_LANGUAGE) -> Report:
        """All sections whole, for a file."""
        return report(digest_of(stored), self._messages, now, language)

    def whole_text(self, stored: StoredDigest, *, now: datetime) -> str:
        """All sections one after the other, without markup."""
        digest = digest_of(stored)
        parts = [
            part for section in sections(digest) for part in compose(digest, section.key, self._messages, now)
        ]
        return "\n\n".join(without_markup(part) for part in parts)

    async def __call__(self, unit: Unit, digest: str, section: str, language: str, now: datetime) -> Composed:
        """The words of a section. A revision that came meanwhile shows its own words."""
        asked = await unit.digests.by_id(digest)
        if asked is None:
            return Composed((), self._messages.text("digest.gone", now=now, language=language))
        changed = self._messages.text("digest.changed", now=now, language=language)
        for_approver, section = section.startswith(DRAFT), section.removeprefix(DRAFT)
        stored = await newest_readable(unit, asked, now)
        if stored is None or (self.withholds(stored) and not for_approver):
            return Composed((), changed)
        made = digest_of(stored)
        if for_approver and (places := listed_in(made, section)) is not None:
            heading = f"approval.choose_{section[0]}"
            return Composed(
                tuple(compose_sentences(made, places, heading, self._messages, now, language)), changed
            )
        known = {one.key for one in sections(made)}
        if section not in known:
            return Composed((), changed)
        return Composed(tuple(compose(made, section, self._messages, now, language)), changed)


async def newest_readable(unit: Unit, asked: StoredDigest, now: datetime) -> StoredDigest | None:
    """The newest revision that has words: a draft has none between a change of its notes and its next making.

    What went out is none while a revision is due: it may be due because words were taken back.
    """
    newest = await unit.digests.newest(asked.tour, asked.region, asked.day)
    if newest is not None and newest.published_at is None and newest.readable:
        return newest
    called = await unit.digests.called(asked.tour, asked.region, asked.day)
    if newest is None or (called is not None and called <= now):
        return None
    published = await unit.digests.newest_published(asked.tour, asked.region, asked.day)
    return published if published is not None and published.readable else None
