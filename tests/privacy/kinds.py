"""Every kind of data that is kept, as docs/privacy.md lists them: where, how it is made, how it ends, and what tells of it.

Whoever adds a table adds a line here: a kind that ends, or a reason why nothing in it is about a person.
"""

from dataclasses import dataclass
from datetime import timedelta

from tests.privacy import making as m
from tests.privacy.making import GUEST, NAME, NOTE, NUMBER, PERSON, STAFF, VOICE, WORDS, Act


@dataclass(frozen=True, slots=True)
class Kind:
    """`told`: what tells of it (text, or a chat's number). It ends after `after`, once `ends` was done (None: by time)."""

    name: str
    tables: tuple[str, ...]
    told: tuple[str | int, ...]
    made: tuple[Act, ...]
    after: timedelta
    ends: tuple[Act, ...] = ()


_MINUTES, _DAY, _WEEK = timedelta(minutes=15), timedelta(days=1), timedelta(days=8)
_KEPT, _YEARS = timedelta(days=91), timedelta(days=731)
_SAID = (WORDS, NAME, "feedbackcanary", "hashcanary", VOICE, NOTE)
_READ, _OF_A_READING = ("note_readings", "note_terms"), ("readingcanary", "termcanary")

KINDS = (
    Kind("an update of a participant's", ("inbox",), (WORDS, GUEST), (m.an_update,), _MINUTES),
    Kind("one that was parked", ("inbox",), (WORDS, GUEST), (m.an_update, m.it_is_parked), _MINUTES),
    Kind(
        "an update of staff's, settled",
        ("inbox",),
        (WORDS,),
        (m.an_update_of_staff, m.it_is_settled),
        _MINUTES,
    ),
    Kind("an update of staff's, parked", ("inbox",), (WORDS,), (m.an_update_of_staff, m.it_is_parked), _DAY),
    Kind("the id of an update", ("seen_updates",), (NUMBER,), (m.an_update, m.it_is_settled), _WEEK),
    Kind("a dialogue", ("dialogues",), (WORDS, "secretcanary", GUEST), (m.a_dialogue,), _MINUTES),
    Kind(
        "an answer that was not sent",
        ("deliveries",),
        (WORDS, GUEST, f"reply:{NUMBER}"),
        (m.an_answer,),
        _MINUTES,
    ),
    Kind(
        "an answer",
        ("deliveries",),
        (GUEST, NUMBER, f"reply:{NUMBER}"),
        (m.an_answer, m.it_is_sent),
        _MINUTES,
    ),
    Kind("words to staff", ("deliveries",), (WORDS,), (m.a_message_to_staff,), timedelta(0), (m.it_is_sent,)),
    Kind(
        "a message to staff",
        ("deliveries",),
        ("keycanary", NUMBER),
        (m.a_message_to_staff, m.it_is_sent),
        _KEPT,
    ),
    Kind("a note", ("notes", "voices", "consents"), _SAID, (m.a_note,), _KEPT),
    Kind(
        "a note taken back",
        ("notes", "voices"),
        (WORDS, NAME),
        (m.a_note,),
        timedelta(0),
        (m.it_is_taken_back,),
    ),
    Kind("what was read in a note", _READ, _OF_A_READING, (m.a_note_that_was_read,), _KEPT),
    *(
        Kind(
            f"what was read in a note {how}",
            _READ,
            _OF_A_READING,
            (m.a_note_that_was_read,),
            timedelta(0),
            (ends,),
        )
        for how, ends in (
            ("taken back", m.it_is_taken_back),
            ("taken out for somebody else", m.it_is_taken_out),
            ("put right", m.its_words_change),
            ("of a voice with another name", m.its_voice_leaves_another_name),
        )
    ),
    Kind("where staff sorted a note", ("triage",), ("topiccanary",), (m.a_note_that_was_sorted,), _KEPT),
    *(
        Kind(
            f"where staff sorted a note {how}",
            ("triage",),
            ("topiccanary",),
            (m.a_note_that_was_sorted,),
            timedelta(0),
            (ends,),
        )
        for how, ends in (
            ("taken back", m.it_is_taken_back),
            ("taken out for somebody else", m.it_is_taken_out),
            ("put right", m.its_words_change),
            ("whose author chose a topic", m.its_author_chooses_a_topic),
        )
    ),
    Kind("a staff note's wording", ("note_revisions",), (WORDS,), (m.a_changed_staff_note,), _KEPT),
    Kind(
        "one forgotten",
        ("note_revisions",),
        (WORDS,),
        (m.a_changed_staff_note,),
        timedelta(0),
        (m.its_wordings_are_forgotten,),
    ),
    Kind("a recording", ("media",), ("contentcanary",), (m.a_voice, m.it_is_kept), _KEPT),
    Kind(
        "one taken back",
        ("media",),
        ("contentcanary",),
        (m.a_voice, m.it_is_kept),
        timedelta(0),
        (m.it_is_taken_back,),
    ),
    Kind(
        "a note and its recording, taken out for somebody else",
        ("notes", "voices", "media"),
        (WORDS, NAME, "contentcanary"),
        (m.a_voice, m.it_is_kept),
        timedelta(0),
        (m.it_is_taken_out,),
    ),
    Kind("what leads to it", ("media_jobs",), ("filecanary", "secretcanary", GUEST), (m.a_voice,), _MINUTES),
    Kind("a file", ("incoming_files",), ("contentcanary", "filecanary"), (m.a_file,), timedelta(hours=1)),
    Kind("that there was one", ("incoming_files",), (), (m.a_file,), _DAY + timedelta(hours=2)),
    Kind("a digest", ("digests",), (WORDS, "fingercanary"), (m.a_digest,), _KEPT),
    Kind(
        "an earlier one",
        ("digests",),
        (WORDS, "fingercanary"),
        (m.a_digest,),
        timedelta(0),
        (m.it_is_issued_again,),
    ),
    Kind("a wish for one", ("digest_wishes",), (), (m.a_wish,), timedelta(0), (m.they_leave,)),
    Kind("a wish of long ago", ("digest_wishes",), (), (m.a_wish,), _KEPT),
    Kind("a question of the notes", ("questions",), (WORDS,), (m.a_question,), _MINUTES),
    Kind("a question answered", ("questions",), (WORDS,), (m.a_question,), timedelta(0), (m.it_is_taken_up,)),
    Kind("a question of who left", ("questions",), (WORDS,), (m.a_question,), timedelta(0), (m.they_leave,)),
    Kind(
        "a draft that waits for its approval",
        ("approvals",),
        ("markcanary", "showncanary"),
        (m.a_draft_that_waits,),
        timedelta(0),
        (m.it_goes_out,),
    ),
    Kind("what was decided about one", ("approvals",), (), (m.a_draft_that_waits,), _KEPT),
    Kind("who approves drafts", ("approvers",), (), (m.an_approver,), timedelta(0), (m.they_leave,)),
    Kind("a call for a revision", ("revision_calls",), (), (m.a_call,), timedelta(0), (m.it_is_answered,)),
    Kind(
        "somebody with a role",
        ("people", "grants", "menus"),
        (NAME, STAFF, "menucanary"),
        (m.somebody,),
        _MINUTES,
        (m.they_leave,),
    ),
    Kind("an invitation", ("invitations",), (NAME, GUEST, "hashcanary"), (m.an_invitation,), _WEEK),
    Kind(
        "one whose taker left",
        ("invitations",),
        (NAME, STAFF),
        (m.an_invitation_of_staff,),
        _MINUTES,
        (m.they_leave,),
    ),
    Kind(
        "somebody whose last role ended",
        ("people", "grants"),
        (NAME, STAFF),
        (m.somebody,),
        _MINUTES,
        (m.their_last_role_ends,),
    ),
    Kind("a wish to be told", ("subscriptions",), (GUEST,), (m.a_subscription,), timedelta(hours=2)),
    Kind(
        "one of somebody who left",
        ("subscriptions",),
        (GUEST,),
        (m.a_subscription,),
        timedelta(0),
        (m.the_guest_leaves,),
    ),
    Kind("an act on record", ("audit",), ("actcanary", "subjectcanary", NAME, PERSON), (m.an_act,), _YEARS),
    Kind("tokens", ("ai_usage",), (), (m.tokens,), _YEARS),
    Kind("a request", ("requests",), (WORDS, NAME, GUEST), (m.a_request,), timedelta(days=31)),
)

ABOUT_NOBODY = {
    "tours": "the schedule's name and topics",
    "meetings": "the schedule: public bodies as hosts",
    "reminders": "what is due for a meeting; whom it goes to is decided when it is sent",
    "facts": "the service itself: offset, secrets made at first start, days on which something ran",
    "audit_chain": "sums over the audit, and where it begins",
}
"""Tables without a kind: why."""
