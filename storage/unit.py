"""The unit of work: one transaction and the repositories that speak in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from storage.repositories.ai_usage import AiUsage
from storage.repositories.approvals import Approvals
from storage.repositories.audit import Audit
from storage.repositories.deliveries import Deliveries
from storage.repositories.dialogues import Dialogues
from storage.repositories.digests import Digests
from storage.repositories.facts import Facts
from storage.repositories.figures import Figures
from storage.repositories.inbox import Inbox
from storage.repositories.incoming import Incoming
from storage.repositories.invitations import Invitations
from storage.repositories.media import MediaFiles
from storage.repositories.meetings import Meetings
from storage.repositories.menus import ShownMenus
from storage.repositories.notes import Notes
from storage.repositories.people import People
from storage.repositories.questions import Questions
from storage.repositories.readings import NoteReadings
from storage.repositories.reminders import Reminders
from storage.repositories.requests import Requests
from storage.repositories.search import NoteSearch
from storage.repositories.subscriptions import Subscriptions
from storage.repositories.tours import Tours
from storage.repositories.triage import Triage
from storage.repositories.voices import Voices


class Unit:
    """Everything that happens in one transaction. Only the edge that opened it commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.ai_usage = AiUsage(session)
        self.approvals = Approvals(session)
        self.audit = Audit(session)
        self.deliveries = Deliveries(session)
        self.dialogues = Dialogues(session)
        self.digests = Digests(session)
        self.facts = Facts(session)
        self.figures = Figures(session)
        self.inbox = Inbox(session)
        self.incoming = Incoming(session)
        self.invitations = Invitations(session)
        self.media = MediaFiles(session)
        self.meetings = Meetings(session)
        self.menus = ShownMenus(session)
        self.notes = Notes(session)
        self.people = People(session)
        self.questions = Questions(session)
        self.readings = NoteReadings(session)
        self.reminders = Reminders(session)
        self.requests = Requests(session)
        self.search = NoteSearch(session)
        self.subscriptions = Subscriptions(session)
        self.tours = Tours(session)
        self.triage = Triage(session)
        self.voices = Voices(session)

    async def commit(self) -> None:
        """What was recorded in the audit is sealed last: its chain has one head for all who write."""
        await self.audit.seal()
        await self._session.commit()

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What the body changes is undone when it raises; the exception goes on."""
        recorded = self.audit.mark()
        try:
            async with self._session.begin_nested():
                yield
        except BaseException:
            self.audit.back_to(recorded)
            raise
