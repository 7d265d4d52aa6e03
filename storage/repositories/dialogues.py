"""Where chats stand in a dialogue: rows, never memory."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import ChatId
from storage.models import DialogueRow
from storage.repositories.ahead import SLACK


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A chat's place in a dialogue. `private`: a participant's, to be destroyed fifteen minutes after the last step."""

    chat: ChatId
    step: str
    state: dict[str, str]
    private: bool
    last_step_at: datetime


class Dialogues:
    """One dialogue a chat."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, chat: ChatId) -> Dialogue | None:
        row = await self._session.get(DialogueRow, chat)
        if row is None:
            return None
        return Dialogue(
            chat=row.chat_id,
            step=row.step,
            state=dict(row.state),
            private=row.private,
            last_step_at=row.last_step_at,
        )

    async def keep(self, dialogue: Dialogue) -> None:
        row = await self._session.get(DialogueRow, dialogue.chat)
        if row is None:
            row = DialogueRow(chat_id=dialogue.chat)
            self._session.add(row)
        row.step, row.state = dialogue.step, dict(dialogue.state)
        row.private, row.last_step_at = dialogue.private, dialogue.last_step_at
        await self._session.flush()

    async def drop(self, chat: ChatId) -> None:
        await self._session.execute(delete(DialogueRow).where(DialogueRow.chat_id == chat))

    async def alive_of(self, chats: Collection[ChatId], after: datetime) -> frozenset[ChatId]:
        """Those of `chats` whose dialogue took a step after `after`."""
        rows = await self._session.scalars(
            select(DialogueRow.chat_id).where(
                DialogueRow.chat_id.in_(list(chats)), DialogueRow.last_step_at > after
            )
        )
        return frozenset(rows)

    async def drop_all(self, chats: Collection[ChatId]) -> None:
        await self._session.execute(delete(DialogueRow).where(DialogueRow.chat_id.in_(list(chats))))

    async def not_after(self, now: datetime) -> None:
        """A step taken by a clock that was ahead was taken now."""
        await self._session.execute(
            update(DialogueRow)
            .where(DialogueRow.last_step_at > now + SLACK)
            .values(last_step_at=now)
            .execution_options(synchronize_session=False)
        )

    async def idle_since(self, before: datetime, limit: int) -> dict[ChatId, bool]:
        """Chats whose dialogue took its last step at or before `before`, and whether it was a participant's."""
        rows = await self._session.execute(
            select(DialogueRow.chat_id, DialogueRow.private)
            .where(DialogueRow.last_step_at <= before)
            .limit(limit)
        )
        return {chat: private for chat, private in rows}  # noqa: C416 (rows are not pairs for the type checker)
