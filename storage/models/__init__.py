"""Tables. Import this package to have all of them in `Base.metadata`."""

from storage.models.ai import AiUsageRow
from storage.models.approvals import ApprovalRow, ApproverRow
from storage.models.base import Base
from storage.models.feedback import ConsentRow, NoteRevisionRow, NoteRow, VoiceRow
from storage.models.files import IncomingFileRow
from storage.models.media import MediaJobRow, MediumRow
from storage.models.people import GrantRow, InvitationRow, MenuRow, PersonRow, SubscriptionRow
from storage.models.questions import QuestionRow
from storage.models.readings import NoteReadingRow, NoteTermsRow
from storage.models.reports import AuditChainRow, AuditRow, DigestRow, DigestWishRow, FactRow, RevisionCallRow
from storage.models.requests import RequestRow
from storage.models.schedule import MeetingRow, ReminderRow, TourRow
from storage.models.traffic import DeliveryRow, DialogueRow, InboxRow, SeenUpdateRow
from storage.models.triage import TriageRow

__all__ = [
    "AiUsageRow",
    "ApprovalRow",
    "ApproverRow",
    "AuditChainRow",
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
    "IncomingFileRow",
    "InvitationRow",
    "MediaJobRow",
    "MediumRow",
    "MeetingRow",
    "MenuRow",
    "NoteReadingRow",
    "NoteRevisionRow",
    "NoteRow",
    "NoteTermsRow",
    "PersonRow",
    "QuestionRow",
    "ReminderRow",
    "RequestRow",
    "RevisionCallRow",
    "SeenUpdateRow",
    "SubscriptionRow",
    "TourRow",
    "TriageRow",
    "VoiceRow",
]
