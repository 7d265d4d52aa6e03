"""Databases as released versions left them: rows in every table, at the edges of what each schema takes.

`ROWS[revision]` are the tables (and, for those that were there before, the rows) that a version brought.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from storage.copying import tables_of
from storage.database import Database
from storage.models import Base
from tests.support.plans import DAY

Row = dict[str, Any]
NOON = datetime(2026, 1, 22, 3, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
FAR = 2**63 - 1
"""The largest number that either database takes for a chat."""
WORDS = "가상 의견 '\"%_\\ 각 👩‍👩‍👧 \t\n끝" + "긴 말 " * 1000
NAME = "가" * 200
STAFF, WISHER, GUEST = 7_100_000_001, 7_300_000_001, 7_456_000_001
"""GUEST's chat is only where it must not outlive fifteen minutes."""

_DELIVERY: Row = {
    "kind": "reply", "state": "planned", "priority": 1, "chat_id": STAFF, "person_id": "staff", "language": "ko",
    "message_key": "schedule.next_none", "draft": {"key": "schedule.next_none", "values": {}}, "private": False,
    "edits": None, "planned_at": NOON, "due_at": NOON + HOUR, "expires_at": None, "attempted_at": None,
    "settled_at": None, "attempts": 0, "resend": False, "message_id": None, "failure": None,
}  # fmt: skip
_ENDED: Row = {"draft": None, "due_at": None, "settled_at": NOON}
_NOTE: Row = {
    "voice_id": "voice", "meeting_id": "meeting", "region": "전북", "day": DAY, "source": "chat", "kind": "remark",
    "rating": 5, "topic": "jobs", "words": WORDS, "number": None, "withdrawn": False, "secret": None,
}  # fmt: skip
_REMINDER: Row = {
    "kind": "before_meeting", "tour_id": "tour", "region": "전북", "day": DAY, "meeting_id": "meeting",
    "lead_minutes": 60, "due": NOON + HOUR, "pointless": NOON + 2 * HOUR, "state": "pending", "decided_at": None,
}  # fmt: skip
_INVITATION: Row = {"role": "staff", "region": "", "inviter_id": "staff", "expires": NOON + 24 * HOUR}
_UNCLAIMED: Row = {"state": "open", "claimed_chat": None, "claimed_name": None, "claimed_language": None}
_INBOX: Row = {"payload": '{"가상": "말씀"}', "received_at": NOON, "next_try_at": NOON, "failure": None}

ROWS: Mapping[str, Mapping[str, Sequence[Row]]] = {
    "0001": {
        "audit": [
            {"seq": 3, "at": NOON, "actor": None, "action": "created", "subject": "가상", "details": {}},
            {"seq": 9, "at": NOON, "actor": "staff", "action": "x" * 60, "subject": "가" * 120,
             "details": {"count": 1, "말": "값", "nothing": None}},
        ],
        "deliveries": [
            _DELIVERY | {"seq": 1, "id": "planned", "dedup": "planned"},
            _DELIVERY | _ENDED | {"seq": 2, "id": "sent", "dedup": "sent", "state": "sent", "message_id": FAR},
            _DELIVERY | {"seq": 7, "id": "private", "dedup": "private", "private": True, "chat_id": GUEST,
                         "person_id": None},
            _DELIVERY | {"seq": 8, "id": "sending", "dedup": "sending", "state": "sending", "due_at": None},
            _DELIVERY | _ENDED | {"seq": 9, "id": "gone", "dedup": "k" * 200, "state": "expired", "chat_id": None,
                                  "person_id": None, "planned_at": None, "settled_at": None, "private": True},
        ],
        "dialogues": [{"chat_id": GUEST, "step": "words", "state": {"m": "가"}, "private": True, "last_step_at": NOON}],
        "facts": [{"name": "가상 사실", "value": ""}, {"name": "f" * 60, "value": WORDS}],
        "inbox": [
            _INBOX | {"seq": 4, "update_id": FAR, "chat_id": -FAR, "state": "waiting", "attempts": 0},
            _INBOX | {"seq": 5, "update_id": 2, "chat_id": GUEST, "state": "parked", "attempts": 3},
        ],
        "menus": [{"chat_id": STAFF, "shown": "a" * 64}],
        "people": [
            {"id": "staff", "chat_id": STAFF, "name": NAME, "language": "ko", "wants_reminders": True,
             "reachable": True},
            {"id": "blocked", "chat_id": FAR, "name": "", "language": "en", "wants_reminders": False,
             "reachable": False},
        ],
        "seen_updates": [{"update_id": FAR, "day": DAY}, {"update_id": 0, "day": date(1900, 1, 1)}],
        "tours": [{"id": "tour", "name": "가상 현장 행보", "revision": 0, "topics": [
            {"key": "jobs", "title": "일자리·임금", "is_rest": False}]}],
        "digest_wishes": [
            {"person_id": "staff", "tour_id": "tour", "region": "전북", "day": DAY, "asked_at": NOON}],
        "digests": [
            {"id": "d1", "tour_id": "tour", "region": "전북", "day": DAY, "revision": 1, "fingerprint": "f" * 64,
             "body": {"themes": [{"title": WORDS}], "average": 4.25}, "published_at": NOON},
            {"id": "d2", "tour_id": "tour", "region": "전북", "day": DAY, "revision": 2, "fingerprint": "",
             "body": {}, "published_at": None},
        ],
        "grants": [
            {"person_id": "staff", "role": "admin", "region": ""},
            {"person_id": "staff", "role": "manager", "region": "전북"},
        ],
        "invitations": [
            _INVITATION | _UNCLAIMED | {"token": "a" * 64, "id": "open"},
            _INVITATION | {"token": "b" * 64, "id": "claimed", "state": "claimed", "claimed_chat": WISHER,
                           "claimed_name": NAME, "claimed_language": "ko", "inviter_id": None},
        ],
        "meetings": [
            {"id": "meeting", "tour_id": "tour", "code": "c" * 32, "key": "m" * 64, "round": 1, "region": "전북",
             "day": DAY, "starts": NOON + 2 * HOUR, "ends": NOON + 3 * HOUR, "track": "youth", "title": NAME,
             "venue": "", "address": "", "host": "", "remarks": WORDS, "revision": 4, "cancelled": False},
        ],
        "revision_calls": [{"tour_id": "tour", "region": "전북", "day": DAY, "due": NOON + HOUR}],
        "reminders": [
            _REMINDER | {"subject": "s" * 160},
            _REMINDER | {"subject": "briefing", "kind": "briefing", "meeting_id": None, "lead_minutes": None,
                         "state": "missed", "decided_at": NOON},
        ],
        "subscriptions": [{"id": "sub", "meeting_id": "meeting", "chat_id": WISHER, "language": "en"}],
        "voices": [
            {"id": "voice", "meeting_id": "meeting", "speaker": "youth", "name": "가상 이름", "person_id": None},
            {"id": "staffs", "meeting_id": None, "speaker": "staff", "name": None, "person_id": "staff"},
        ],
        "consents": [
            {"voice_id": "voice", "purpose": "feedback", "version": "1", "day": DAY},
            {"voice_id": "voice", "purpose": "abroad", "version": "1", "day": DAY},
        ],
        "notes": [
            _NOTE | {"id": "note", "secret": "c" * 64, "number": "n" * 80},
            _NOTE | {"id": "withdrawn", "words": "", "rating": None, "topic": None, "withdrawn": True},
            _NOTE | {"id": "promise", "voice_id": "staffs", "meeting_id": None, "source": "staff", "kind": "promise",
                     "rating": None},
            _NOTE | {"id": "imported", "source": "import", "day": date(2020, 12, 31)},
        ],
        "note_revisions": [
            {"id": "revision", "note_id": "promise", "words": "먼저 쓴 말", "kind": "hearsay", "changed_at": NOON}],
    },
    "0002": {
        "notes": [_NOTE | {"id": "by-page", "source": "page"}],
        "consents": [{"voice_id": "voice", "purpose": "feedback_page", "version": "1", "day": DAY}],
    },
    "0003": {"ai_usage": [{"day": DAY, "used": 2**31 - 1, "reserved": 0, "estimated": 7, "calls": 1}]},
    "0004": {
        "notes": [_NOTE | {"id": "heard", "heard": True}],
        "media": [
            {"id": "photo", "note_id": "note", "kind": "photo", "state": "kept", "mime": "image/jpeg",
             "content": bytes(range(256)) * 40, "album": None},
            {"id": "awaited", "note_id": "heard", "kind": "voice", "state": "awaited", "mime": None, "content": None,
             "album": "a" * 32},
        ],
        "media_jobs": [
            {"medium_id": "awaited", "file_id": "f" * 250, "chat_id": GUEST, "language": "ko", "secret": "s" * 64,
             "private": True, "words_were": "w" * 64, "attempts": 1, "asked_at": NOON, "next_try_at": NOON,
             "gives_up_at": NOON + HOUR, "leased_until": None},
        ],
    },
    "0005": {
        "incoming_files": [
            {"id": "file", "person_id": "staff", "chat_id": STAFF, "file_id": "f" * 250, "name": NAME,
             "size": 20_000_000, "state": "previewed", "kind": "notes", "content": b"\x00\xff\x00", "report": WORDS,
             "preview": "p" * 64, "card": FAR, "cancels": True, "swept": False, "attempts": 0, "step": 2,
             "created_at": NOON, "next_try_at": NOON},
        ],
    },
    "0006": {},
    "0007": {
        "requests": [
            {"id": "asked", "number": "2026-01", "kind": "access", "door": "chat", "state": "open", "chat_id": WISHER,
             "language": "ko", "words": WORDS, "answer": None, "received_on": DAY, "counted_from": DAY,
             "due_on": DAY + timedelta(days=10), "told_on": DAY, "closed_on": None},
        ],
        "consents": [{"voice_id": "voice", "purpose": "feedback", "version": "2", "day": DAY}],
    },
    "0008": {"note_readings": [{"note_id": "note", "version": "v" * 80, "data": bytes(range(256)) * 8}]},
    "0009": {
        "deliveries": [
            _DELIVERY | _ENDED | {"seq": 11, "id": "shown", "dedup": "shown", "state": "sent", "message_id": FAR,
                                  "message_key": "digest.section", "shows": "d" * 32},
        ],
    },
    "0010": {
        "triage": [
            {"note_id": "note", "topic": "t" * 40, "person_id": "staff"},
            {"note_id": "by-page", "topic": "jobs", "person_id": None},
        ],
    },
    "0011": {
        "approvals": [
            {"digest_id": "d2", "turn": 3, "round": 2, "office": "deputy", "due": NOON + HOUR, "shown": "f" * 64,
             "editor_id": "staff", "deputy_id": None, "approved_by": "editor", "approved_at": NOON,
             "editing": {"dropped": [["a" * 16, ["n" * 80]]], "again": []}},
        ],
        "approvers": [{"region": "전북", "office": "editor", "person_id": "staff"}],
    },
    "0012": {
        "note_terms": [{"note_id": "note", "terms": " 가상 통근버스 늘리다 "}],
        "questions": [{"id": "question", "person_id": "staff", "words": WORDS, "asked_at": NOON}],
    },
}  # fmt: skip
RELEASED = tuple(ROWS)


async def of_version(database: Database, revision: str) -> None:
    """An empty database becomes one that a version has used: its schema, and rows of it and of those before."""
    await database.migrate(revision)
    async with database.writing() as connection:
        tables = {table.name: table for table in await tables_of(connection)}
        for version in RELEASED[: RELEASED.index(revision) + 1]:
            brought = ROWS[version]
            for name in (table.name for table in Base.metadata.sorted_tables if table.name in brought):
                for row in brought[name]:
                    await connection.execute(insert(tables[name]).values(**row))


async def held(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is there, as values; without the fact that 0006 makes out of the lines, and takes down."""
    async with database.snapshot() as connection:
        return {
            table.name: [
                dict(row)
                for row in (await connection.execute(select(table).order_by(*table.primary_key))).mappings()
                if row.get("name") != "access_log"
            ]
            for table in await tables_of(connection)
        }
