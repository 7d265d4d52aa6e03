"""Messages that show a stored digest, while they may have to be edited, and what its errata tell."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.ids import ChatId, DeliveryId
from storage.models import DeliveryRow
from storage.repositories.deliveries.rows import AFTER_ALL, WAITS, Part, to_delivery


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message that was sent: `message` is its id in its chat, `shows` the digest whose words it shows, or a tour."""

    delivery: DeliveryId
    chat: ChatId
    message: int
    language: str
    shows: str


class Shown(Part):
    """What stands in chats of digests."""

    async def showing(
        self, digests: Collection[str], until: datetime | None = None
    ) -> Sequence[ShownMessage]:
        """Sent messages that show one of these digests (ids), of requests that left by `until`; without it, all."""
        shown = select(
            DeliveryRow.id,
            DeliveryRow.chat_id,
            DeliveryRow.message_id,
            DeliveryRow.language,
            DeliveryRow.shows,
        ).where(
            DeliveryRow.shows.in_(list(digests)),
            DeliveryRow.shows.is_not(None),  # so that the index of these few is seen to fit
            DeliveryRow.state == DeliveryState.SENT,
        )
        if until is not None:
            shown = shown.where(DeliveryRow.attempted_at <= until)
        rows = await self._session.execute(shown.order_by(DeliveryRow.seq))
        return [
            ShownMessage(delivery, chat, message, language, shows)
            for delivery, chat, message, language, shows in rows
            if chat is not None and message is not None and shows is not None
        ]

    async def shows_nothing(self, deliveries: Collection[DeliveryId]) -> None:
        """These messages' words are taken out: they show no digest any more."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(list(deliveries)))
            .values(shows=None)
            .execution_options(synchronize_session=False)
        )

    async def message_of(self, key: str) -> int | None:
        """The id, in its chat, of the message that was sent under a key; None while it was not."""
        return await self._session.scalar(
            select(DeliveryRow.message_id).where(
                DeliveryRow.dedup == key, DeliveryRow.state == DeliveryState.SENT
            )
        )

    async def waiting_under(self, key_prefix: str) -> Sequence[Delivery]:
        """What waits under keys that start so, also to be sent again because nobody knows whether it arrived."""
        rows = await self._session.scalars(
            select(DeliveryRow).where(
                DeliveryRow.dedup >= key_prefix,
                DeliveryRow.dedup < key_prefix + AFTER_ALL,
                WAITS,
            )
        )
        return [to_delivery(row) for row in rows]

    async def last_attempt_under(self, key_prefix: str) -> datetime | None:
        """When something last left under keys that start so."""
        return await self._session.scalar(
            select(func.max(DeliveryRow.attempted_at)).where(
                DeliveryRow.dedup >= key_prefix, DeliveryRow.dedup < key_prefix + AFTER_ALL
            )
        )
