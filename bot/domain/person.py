"""People, their roles, and what a role reaches. Deny by default: what is not said here is refused."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import NotAllowed
from bot.domain.ids import ChatId, PersonId, Region


class Role(StrEnum):
    """A participant holds no grant: the meeting's code is all they need."""

    PARTICIPANT = "participant"
    STAFF = "staff"
    MANAGER = "manager"
    ADMIN = "admin"


class Action(StrEnum):
    """What can be asked of the bot that needs a grant."""

    SEE_SCHEDULE = "see_schedule"
    CHANGE_SCHEDULE = "change_schedule"
    SHOW_CODE = "show_code"
    FILE_NOTE = "file_note"
    SORT_NOTES = "sort_notes"
    READ_DIGEST = "read_digest"
    READ_TOUR = "read_tour"
    INVITE = "invite"
    SEE_STATUS = "see_status"
    IMPORT_TOUR = "import_tour"
    IMPORT_NOTES = "import_notes"
    ANSWER_REQUESTS = "answer_requests"


_REACH: dict[Role, frozenset[Action]] = {
    Role.PARTICIPANT: frozenset(),
    Role.STAFF: frozenset(
        {
            Action.SEE_SCHEDULE,
            Action.CHANGE_SCHEDULE,
            Action.SHOW_CODE,
            Action.FILE_NOTE,
            Action.SORT_NOTES,
            Action.READ_DIGEST,
            Action.SEE_STATUS,
            Action.IMPORT_TOUR,
            Action.IMPORT_NOTES,
        }
    ),
    Role.MANAGER: frozenset({Action.SEE_SCHEDULE, Action.READ_DIGEST, Action.READ_TOUR}),
    # The administrator runs the bot and does not read notes.
    Role.ADMIN: frozenset(
        {
            Action.SEE_SCHEDULE,
            Action.SHOW_CODE,
            Action.INVITE,
            Action.SEE_STATUS,
            Action.IMPORT_TOUR,
            Action.IMPORT_NOTES,
            Action.ANSWER_REQUESTS,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in one region, or in all of them (`region` None)."""

    role: Role
    region: Region | None

    def covers(self, region: Region | None) -> bool:
        """`region` None asks for everything: only an unlimited grant covers that."""
        return self.region is None or self.region == region


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a grant whom the bot knows by their private chat.

    `name` is the display name they had when they took up an invitation; it is redacted wherever notes are printed.
    `wants_reminders`: managers choose; staff always get them. `paused`: nothing is sent to them of itself (처리정지).
    """

    id: PersonId
    chat: ChatId
    name: str
    language: str
    grants: frozenset[Grant]
    wants_reminders: bool = False
    reachable: bool = True
    paused: bool = False

    def may(self, action: Action, region: Region | None) -> bool:
        return any(action in _REACH[grant.role] and grant.covers(region) for grant in self.grants)

    def may_somewhere(self, action: Action) -> bool:
        return any(action in _REACH[grant.role] for grant in self.grants)

    def require_somewhere(self, action: Action) -> None:
        """Raises NotAllowed unless a grant of the person reaches this action in some region."""
        if not self.may_somewhere(action):
            raise NotAllowed

    def regions_for(self, action: Action, regions: list[Region]) -> list[Region]:
        """Those of `regions` in which the person may do this, in the given order."""
        return [region for region in regions if self.may(action, region)]

    def has(self, role: Role, region: Region | None = None) -> bool:
        return any(grant.role is role and (region is None or grant.covers(region)) for grant in self.grants)

    def require(self, action: Action, region: Region | None) -> None:
        """Raises NotAllowed unless a grant of the person reaches this action there."""
        if not self.may(action, region):
            raise NotAllowed


def menu_of(grants: frozenset[Grant]) -> tuple[str, ...]:
    """The commands shown to somebody with these grants, most used first."""
    roles = {grant.role for grant in grants}
    commands: list[str] = []
    if roles & {Role.STAFF, Role.MANAGER, Role.ADMIN}:
        commands += ["next", "today"]
    if Role.STAFF in roles:
        commands += ["late", "note", "qr"]
    if roles & {Role.STAFF, Role.MANAGER}:
        commands += ["digest", "ask"]
    if Role.STAFF in roles:
        commands += ["triage"]
    if Role.ADMIN in roles:
        commands += ["qr"] if "qr" not in commands else []
        commands += ["invite", "people", "approvers"]
    if Grant(Role.ADMIN, None) in grants:
        commands += ["requests"]
    if roles & {Role.STAFF, Role.ADMIN}:
        commands += ["files", "status"]
    if roles & {Role.STAFF, Role.MANAGER, Role.ADMIN}:
        commands += ["settings"]
    return (*commands, "privacy", "help")
