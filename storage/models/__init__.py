"""Tables. Import this package to have all of them in `Base.metadata`."""

from storage.models.base import Base
from storage.models.feedback import ConsentRow, NoteRevisionRow, NoteRow, VoiceRow
from storage.models.people import GrantRow, InvitationRow, MenuRow, PersonRow, SubscriptionRow
from storage.models.reports import AuditRow, DigestRow, DigestWishRow, FactRow, RevisionCallRow
from storage.models.schedule import MeetingRow, ReminderRow, TourRow
from storage.models.traffic import DeliveryRow, DialogueRow, InboxRow, SeenUpdateRow

__all__ = [
    "AuditRow",
    "Base",
    "ConsentRow",
    "DeliveryRow",
    "DialogueRow",
    "DigestRow",
    "DigestWishRow",
    "FactRow",
    "GrantRow",
    "InboxRow",
    "InvitationRow",
    "MeetingRow",
    "MenuRow",
    "NoteRevisionRow",
    "NoteRow",
    "PersonRow",
    "ReminderRow",
    "RevisionCallRow",
    "SeenUpdateRow",
    "SubscriptionRow",
    "TourRow",
    "VoiceRow",
]
