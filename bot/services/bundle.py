"""All use cases in one value, as the composition root hands them to the handlers."""

from dataclasses import dataclass

from bot.services.approval.deciding import Deciding
from bot.services.approval.naming import Naming
from bot.services.codes import Codes
from bot.services.digest_view import DigestView
from bot.services.digests import Digests
from bot.services.exports import Exports
from bot.services.feedback import Feedback
from bot.services.files.intake import FileIntake
from bot.services.invitations import Invitations
from bot.services.joining import Joining
from bot.services.media_intake import MediaIntake
from bot.services.menus import Menus
from bot.services.note_reading import NoteReading
from bot.services.own_notes import OwnNotes
from bot.services.page_feedback import PageFeedback
from bot.services.people import People
from bot.services.privacy import Privacy
from bot.services.reminders import Reminders
from bot.services.requests import Answering, Asking
from bot.services.schedule import Schedule
from bot.services.staff_notes import StaffNotes
from bot.services.status import Status
from bot.services.tour.reading import TourReading
from bot.services.tour.reports import TourReports
from bot.services.tour.view import TourView
from bot.services.triage import Triage


@dataclass(frozen=True, slots=True)
class Services:
    """Built once by bot.app."""

    schedule: Schedule
    codes: Codes
    invitations: Invitations
    people: People
    status: Status
    joining: Joining
    feedback: Feedback
    own_notes: OwnNotes
    page_feedback: PageFeedback
    staff_notes: StaffNotes
    privacy: Privacy
    menus: Menus
    reminders: Reminders
    digests: Digests
    digest_view: DigestView
    tour_reports: TourReports
    tour_view: TourView
    tour: TourReading
    triage: Triage
    reading: NoteReading | None
    exports: Exports
    media: MediaIntake
    files: FileIntake
    asking: Asking
    answering: Answering
    approval: Deciding
    approvers: Naming
