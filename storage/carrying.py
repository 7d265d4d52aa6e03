"""What came since a backup, carried from the data that stands into the data that comes back, table by table.

Only when what stands went on from that very backup: then what is there and not in the backup was said since, and what is
in the backup and not there was ended since. Rows travel as they are; everything in one transaction of the target.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.delivery import DeliveryState
from bot.domain.feedback import Source
from bot.domain.ids import Region
from bot.domain.media import MediaState
from bot.domain.reminder import ReminderState
from storage.carried_rows import Key, Row, Sides
from storage.database import Database
from storage.models.traffic import InboxState


class Fate(StrEnum):
    """What a restore does with the rows of a table that changed since the backup."""

    OF_BACKUP = "of_backup"
    """As the backup has it: this is what a restore is for, or it lives for minutes only."""
    SPOKEN = "spoken"
    """What people said, changed and ended since stays said, changed and ended."""
    NEWEST = "newest"
    """As it stands now: added, changed and ended."""
    ENDED = "ended"
    """What was ended since stays ended; nothing is added."""
    MADE_ANEW = "made_anew"
    """Nothing of it: neither the backup's rows nor those that stand."""
    SERVICE = "service"
    """bot.services.carried decides."""


FATES: Mapping[str, Fate] = {
    "ai_usage": Fate.NEWEST,
    "approvals": Fate.OF_BACKUP,
    "approvers": Fate.OF_BACKUP,
    "audit": Fate.SERVICE,
    "audit_chain": Fate.SERVICE,
    "consents": Fate.SPOKEN,
    "deliveries": Fate.ENDED,
    "dialogues": Fate.OF_BACKUP,
    "digest_wishes": Fate.OF_BACKUP,
    "digests": Fate.SPOKEN,
    "facts": Fate.OF_BACKUP,
    "grants": Fate.SERVICE,
    "inbox": Fate.SPOKEN,
    "incoming_files": Fate.OF_BACKUP,
    "invitations": Fate.ENDED,
    "media": Fate.SPOKEN,
    "media_jobs": Fate.ENDED,
    "meetings": Fate.OF_BACKUP,
    "menus": Fate.NEWEST,
    "note_readings": Fate.MADE_ANEW,
    "note_revisions": Fate.SPOKEN,
    "note_terms": Fate.MADE_ANEW,
    "notes": Fate.SPOKEN,
    "people": Fate.SPOKEN,
    "questions": Fate.OF_BACKUP,
    "reminders": Fate.ENDED,
    "requests": Fate.SERVICE,
    "revision_calls": Fate.OF_BACKUP,
    "seen_updates": Fate.NEWEST,
    "subscriptions": Fate.NEWEST,
    "tours": Fate.OF_BACKUP,
    "triage": Fate.NEWEST,
    "voices": Fate.SPOKEN,
}
"""Every table; a test holds this to the schema."""
_OVER = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.EXPIRED)
_WAITING_FOR_MEDIA = {MediaState.AWAITED: MediaState.LOST, MediaState.FETCHED: MediaState.KEPT}
"""Nobody fetches or transcribes it any more: the order was for minutes."""
_SAID = ("kind", "rating", "topic", "words")
_KEPT = (*_SAID, "number", "secret", "heard")
_WISHES = ("language", "wants_reminders", "reachable", "paused")


class NotCarried(Exception):
    """It did not fit into the data that comes back, which is as it was. The text is a type."""


@dataclass(slots=True)
class Since:
    """How much was carried over, and the region-days whose notes or names are not the backup's any more."""

    notes: int = 0
    changed: int = 0
    names: int = 0
    digests: int = 0
    days: set[tuple[Region, date]] = field(default_factory=set)


async def carry(standing: Database, restored: Database) -> Since:
    """Raises NotCarried."""
    try:
        async with standing.snapshot() as reading, restored.writing() as writing:
            return await _Carrier(Sides(reading, writing)).carry()
    except SQLAlchemyError as error:
        raise NotCarried(type(error).__name__) from None


class _Carrier:
    def __init__(self, sides: Sides) -> None:
        self._sides, self._since = sides, Since()

    async def carry(self) -> Since:
        await self._voices_and_notes()
        await self._media()
        await self._published()
        for name in (one for one, fate in FATES.items() if fate is Fate.NEWEST):
            await self._newest(name)
        await self._wishes()
        await self._waiting_updates()
        await self._ended_invitations()
        await self._sent()
        return self._since

    async def _voices_and_notes(self) -> None:
        spoken, known = await self._sides.there("notes", _is_spoken), await self._sides.here("notes")
        voices = await self._sides.there("voices")
        await self._names(voices)
        of_new = {row["voice_id"] for key, row in spoken.items() if key not in known}
        await self._sides.add("voices", {key: row for key, row in voices.items() if row["id"] in of_new})
        bearers = {(row["region"], row["day"], row["number"]): key for key, row in known.items()}
        for key, row in spoken.items():
            at = known.get(key, row)
            if bearers.get((at["region"], at["day"], row["number"]), key) != key:
                row["number"] = None  # it is another's in the backup: it is dealt anew
        self._since.notes = len(await self._sides.add("notes", spoken))
        for key, row in spoken.items():
            if key in known and not row["withdrawn"] and _of(row, _KEPT) != _of(known[key], _KEPT):
                await self._sides.set("notes", key, _of(row, _KEPT))
                self._since.changed += _of(row, _SAID) != _of(known[key], _SAID)
            if key not in known or _of(row, _SAID) != _of(known[key], _SAID):
                self._since.days.add((row["region"], row["day"]))
        for name in ("consents", "note_revisions"):
            await self._sides.add(name, await self._sides.there(name))

    async def _names(self, voices: Mapping[Key, Row]) -> None:
        """Who speaks, and under which name: as they say it now, and no name that they destroyed."""
        known = await self._sides.here("voices")
        days: dict[str, set[tuple[Region, date]]] = {}
        for row in (await self._sides.here("notes")).values():
            days.setdefault(row["voice_id"], set()).add((row["region"], row["day"]))
        for key, row in voices.items():
            if key in known and (row["name"], row["speaker"]) != (known[key]["name"], known[key]["speaker"]):
                await self._sides.set("voices", key, {"name": row["name"], "speaker": row["speaker"]})
                self._since.names += row["name"] is None
                self._since.days |= days.get(row["id"], set())

    async def _media(self) -> None:
        """Of notes that are on both sides: pictures and voices as they stand; what was destroyed stays destroyed."""
        there = await self._sides.there("media", without=["content"])
        here = await self._sides.here("media", without=["content"])
        stand = {row["id"] for row in (await self._sides.there("notes", _stands)).values()}
        stand &= {row["id"] for row in (await self._sides.here("notes")).values()}
        for key, row in there.items():
            if row["note_id"] in stand and row != here.get(key):
                row["content"] = await self._sides.value_there("media", key, "content")
                row["state"] = _WAITING_FOR_MEDIA.get(row["state"], row["state"])
                if key in here:
                    await self._sides.set("media", key, row)
                else:
                    await self._sides.insert("media", [row])
        for key, row in here.items():
            if key not in there and row["note_id"] in stand:
                await self._sides.remove("media", key)
        jobs = await self._sides.here("media_jobs")
        for key in jobs.keys() - (await self._sides.there("media_jobs")).keys():
            await self._sides.remove("media_jobs", key)

    async def _published(self) -> None:
        """What managers got, and what was scrubbed from earlier revisions since."""
        there = await self._sides.there("digests", lambda row: row["published_at"] is not None)
        here = await self._sides.here("digests")
        taken = {_revision(row) for row in here.values()}
        new = {key: row for key, row in there.items() if key not in here and _revision(row) not in taken}
        self._since.digests = len(await self._sides.add("digests", new))
        for key, row in there.items():
            if key in here and row != here[key]:
                self._since.digests += here[key]["published_at"] is None
                await self._sides.set("digests", key, row)
        differ = [row for key, row in there.items() if here.get(key) != row]
        self._since.days |= {(row["region"], row["day"]) for row in differ}

    async def _newest(self, name: str) -> None:
        there, here = await self._sides.there(name), await self._sides.here(name)
        for key in here:
            if there.get(key) != here[key]:
                await self._sides.remove(name, key)
        await self._sides.add(name, there)

    async def _wishes(self) -> None:
        """How people on both sides want to be written to, and whether at all. Who left is bot.services.carried's."""
        there = await self._sides.there("people")
        for key in (await self._sides.here("people")).keys() & there.keys():
            await self._sides.set("people", key, _of(there[key], _WISHES))

    async def _waiting_updates(self) -> None:
        """Acknowledged, and not settled when the bot was stopped: Telegram does not bring them again."""
        known = {row["update_id"] for row in (await self._sides.here("inbox")).values()}
        rows = await self._sides.there("inbox", lambda row: row["state"] is InboxState.WAITING)
        for _, row in sorted(rows.items()):
            if row["update_id"] not in known:
                await self._sides.insert("inbox", [{name: row[name] for name in row if name != "seq"}])

    async def _ended_invitations(self) -> None:
        """A link that was used or recalled since opens nothing again."""
        there = await self._sides.there("invitations")
        for key, row in (await self._sides.here("invitations")).items():
            if key not in there:
                await self._sides.remove("invitations", key)
            elif there[key] != row:
                await self._sides.set("invitations", key, {**there[key], "inviter_id": row["inviter_id"]})

    async def _sent(self) -> None:
        """What has been sent since, or is over, is not sent when its time in the backup's schedule comes."""
        over = {row["dedup"]: row for row in (await self._sides.there("deliveries", _is_over)).values()}
        waits = (DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
        for key, row in (await self._sides.here("deliveries")).items():
            if row["dedup"] in over and row["state"] in waits:
                ended = over[row["dedup"]]
                values = _of(ended, ("state", "settled_at", "message_id", "attempts"))
                await self._sides.set("deliveries", key, values | {"due_at": None, "draft": None})
        decided = await self._sides.there("reminders", lambda row: row["state"] is not ReminderState.PENDING)
        for key, row in (await self._sides.here("reminders")).items():
            if key in decided and row["state"] is ReminderState.PENDING:
                await self._sides.set("reminders", key, _of(decided[key], ("state", "decided_at")))


def _is_spoken(row: Row) -> bool:
    """Said by somebody. What came in a file can be brought in again, and may be what the restore is to undo."""
    return row["source"] is not Source.IMPORT


def _stands(row: Row) -> bool:
    return not row["withdrawn"]


def _is_over(row: Row) -> bool:
    return row["state"] in _OVER and row["due_at"] is None


def _of(row: Row, columns: Collection[str]) -> Row:
    return {name: row[name] for name in columns}


def _revision(row: Row) -> Key:
    return row["tour_id"], row["region"], row["day"], row["revision"]
