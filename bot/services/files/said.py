"""What is said about a file: what it would do, what it did, why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.delivery import Button, Draft, Keyboard, Need
from bot.domain.incoming import IncomingFile
from bot.domain.markup import without_markup
from bot.domain.person import Action
from bot.domain.tables.sheet import RefusedLine
from bot.domain.values import Phrase, Value
from bot.services.files import lines as told
from bot.services.files.weighing import NotesWeighed, Table, TourWeighed, Weighed
from prompts.messages import Messages

ROOM = 3300
"""Characters of all lines: of Telegram's 4096, with room for what stands around them and the label of a resend."""
MOST_REPORTED = 5_000
"""Lines of the whole report, which is a file."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview: its message, and all its lines as a text when the message could not hold them."""

    draft: Draft
    report: str | None


class Speaking:
    """Fits lines into messages, which takes their words."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def preview(
        self, file: IncomingFile, table: Table, weighed: Weighed, language: str, now: datetime
    ) -> Shown:
        """What would be done, to be decided by buttons; a file that changes nothing has none."""
        name = name_of(file)
        lines, values = _would(weighed)
        if weighed.changes_nothing:
            refused = told.refused_lines(_refused(weighed), "files")
            said: dict[str, Value] = {"name": name, "lines": self._fitted(refused, language, now)}
            if not values["unchanged"]:
                return Shown(Draft("files.refused_lines", said), None)
            counts = {count: values[count] for count in ("unchanged", "refused")}
            return Shown(Draft("files.nothing_new", {**said, **counts}), None)
        remarks = _remarks(file, weighed)
        fitted = (*self._fitted(lines, language, now), *remarks)
        title: dict[str, Value] = {"file": _file(name, table.sheet), "lines": fitted, **values}
        key = "files.preview_tour" if isinstance(weighed, TourWeighed) else "files.preview_notes"
        draft = Draft(key, title, keyboard=_choices(file, weighed), needs=_needs(weighed), needs_all=True)
        return self._shown(draft, lines, language, now)

    def applied(self, weighed: Weighed, *, cancelled: bool, language: str, now: datetime) -> Draft:
        """What was done."""
        match weighed:
            case TourWeighed(applied=applied, missing=missing):
                found = applied.comparison
                gone = missing if cancelled else found
                lines = [
                    *told.changed_lines(found.changed, "files"),
                    *told.cancelled_lines(gone, "files"),
                    *told.added_lines(found, "files"),
                    *told.refused_lines(weighed.refused, "files"),
                ]
                values: dict[str, Value] = {
                    "tour": applied.tour.name,
                    "added": len(found.added),
                    "changed": len(found.changed),
                    "cancelled": len(gone.cancelled),
                    "unchanged": len(found.unchanged),
                    "refused": len(weighed.refused),
                }
                key = "files.applied_tour"
            case NotesWeighed():
                lines, values = _would(weighed)
                key = "files.applied_notes"
        said: dict[str, Value] = {**values, "lines": self._fitted(lines, language, now)}
        return Draft(key, said, needs=_needs(weighed), needs_all=True)

    def _shown(self, draft: Draft, lines: Sequence[Phrase], language: str, now: datetime) -> Shown:
        if self._fitted(lines, language, now) == tuple(lines):
            return Shown(draft, None)
        said = [self._said(line, language, now) for line in lines[:MOST_REPORTED]]
        if len(lines) > MOST_REPORTED:
            said.append(self._said(_rest(len(lines) - MOST_REPORTED), language, now))
        return Shown(draft, "\n".join(said))

    def _said(self, line: Phrase, language: str, now: datetime) -> str:
        """As Telegram counts it, and as it stands in a text file."""
        return without_markup(self._messages.text(line.key, line.values, now=now, language=language))

    def _fitted(self, lines: Sequence[Phrase], language: str, now: datetime) -> tuple[Phrase, ...]:
        """As many lines as surely fit; the rest is counted."""
        room = ROOM
        for place, line in enumerate(lines):
            room -= 1 + len(self._said(line, language, now))
            if room < 0:
                return (*lines[:place], _rest(len(lines) - place))
        return tuple(lines)


def _rest(count: int) -> Phrase:
    return Phrase("files.more", {"count": count})


def refusal(file: IncomingFile, why: Phrase) -> Draft:
    return Draft("files.refused", {"name": name_of(file), "why": why})


def _would(weighed: Weighed) -> tuple[list[Phrase], dict[str, Value]]:
    match weighed:
        case TourWeighed(applied=applied, missing=missing, refused=refused):
            found = applied.comparison
            lines = [
                *told.changed_lines(found.changed, "files"),
                *told.missing_lines(missing),
                *told.refused_lines(refused, "files"),
                *told.added_lines(found, "files"),
            ]
            return lines, {
                "tour": applied.tour.name,
                "added": len(found.added),
                "changed": len(found.changed),
                "missing": len(missing.cancelled),
                "unchanged": len(found.unchanged),
                "refused": len(refused),
            }
        case NotesWeighed(difference=difference):
            lines = [*told.day_lines(difference), *told.refused_lines(difference.refused, "files")]
            return lines, {
                "added": len(difference.added),
                "changed": len(difference.changed),
                "unchanged": difference.unchanged,
                "refused": len(difference.refused),
            }


def _needs(weighed: Weighed) -> tuple[Need, ...]:
    """The right to bring in, in every region that is named: what is planned elsewhere is told to nobody who lost one."""
    match weighed:
        case TourWeighed(applied=applied, missing=missing):
            found = applied.comparison
            regions = {plan.region for plan in found.added}
            regions |= {region for one in found.changed for region in (one.meeting.region, one.plan.region)}
            regions |= {one.region for one in (*found.cancelled, *missing.cancelled)}
            action = Action.IMPORT_TOUR
        case NotesWeighed(difference=difference):
            regions = {one.line.region for one in difference.added}
            regions |= {one.note.region for one in difference.changed}
            action = Action.IMPORT_NOTES
    return tuple(Need(action, region) for region in sorted(regions))


def _refused(weighed: Weighed) -> Sequence[RefusedLine]:
    return weighed.refused if isinstance(weighed, TourWeighed) else weighed.difference.refused


def _remarks(file: IncomingFile, weighed: Weighed) -> tuple[Phrase, ...]:
    keys: list[str] = []
    if isinstance(weighed, TourWeighed):
        keys += [] if weighed.whole else ["files.remark_not_whole"]
        keys += ["files.remark_missing"] if weighed.missing.cancelled else []
    keys.append("files.remark_decide" if file.preview is None else "files.remark_moved")
    return (Phrase("files.remarks", {"lines": tuple(Phrase(key) for key in keys)}),)


def _choices(file: IncomingFile, weighed: Weighed) -> Keyboard:
    """`apply` is there unless all that could be done is to call something off."""
    rows: list[tuple[Button, ...]] = []
    if isinstance(weighed, NotesWeighed) or not weighed.applied.comparison.changes_nothing:
        rows.append((Button("files.apply", data=f"fl:a:{file.id}:{file.step}"),))
    if isinstance(weighed, TourWeighed) and weighed.missing.cancelled:
        count: dict[str, Value] = {"count": len(weighed.missing.cancelled)}
        rows.append((Button("files.apply_cancelling", count, data=f"fl:c:{file.id}:{file.step}"),))
    return (*rows, (Button("files.drop", data=f"fl:x:{file.id}:{file.step}"),))


def name_of(file: IncomingFile) -> Value:
    return file.name or Phrase("files.nameless")


def _file(name: Value, sheet: str | None) -> Phrase:
    if sheet is None:
        return Phrase("files.name_only", {"name": name})
    return Phrase("files.name_and_sheet", {"name": name, "sheet": sheet})
