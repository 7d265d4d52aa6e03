"""Which command menu a chat was given last."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import ChatId, SecretHash
from storage.models import MenuRow


class ShownMenus:
    """Menus by chat, as hashes of what they say. A chat without one shows the bot's default menu."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> Mapping[ChatId, SecretHash]:
        rows = await self._session.scalars(select(MenuRow))
        return {row.chat_id: row.shown for row in rows}

    async def keep(self, chat: ChatId, shown: SecretHash) -> None:
        await self._session.merge(MenuRow(chat_id=chat, shown=shown))
        await self._session.flush()

    async def drop(self, chat: ChatId) -> None:
        """The chat shows the default menu again."""
        await self._session.execute(delete(MenuRow).where(MenuRow.chat_id == chat))
