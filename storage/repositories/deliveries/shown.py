"""Messages that show a stored digest, while they may have to be edited, and what its errata tell."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.ids import ChatId, DeliveryId
from storage.models import DeliveryRow
from storage.repositories.deliveries.rows import AFTER_ALL, WAITS, Part, to_delivery

_GONE = "!"
"""Before the id of a digest whose words were emptied while a message with them was on its way. No id begins so."""


def outlived(digest: str) -> str:
    """What a message shows that left with this digest's words and arrived when they were gone."""
    return _GONE + digest


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

    async def outlive(self, digests: Collection[str]) -> bool:
        """Messages on their way show what is gone: they are remembered, whatever is made under the same id. Whether there
        are any.
        """
        gone = await self._session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.shows.in_(list(digests)),
                DeliveryRow.shows.is_not(None),
                DeliveryRow.state == DeliveryState.SENDING,
            )
            .values(shows=_GONE + DeliveryRow.shows)
            .returning(DeliveryRow.seq)
            .execution_options(synchronize_session=False)
        )
        return bool(list(gone))

    async def outlived(self) -> Sequence[str]:
        """What such messages that arrived show (for `showing`), without the mark: the digest's id."""
        rows = await self._session.scalars(
            select(DeliveryRow.shows)
            .where(
                DeliveryRow.shows >= _GONE,
                DeliveryRow.shows < _GONE + AFTER_ALL,
                DeliveryRow.shows.is_not(None),
                DeliveryRow.state == DeliveryState.SENT,
            )
            .distinct()
        )
        return [shows.removeprefix(_GONE) for shows in rows if shows is not None]

    async def on_their_way(self, digests: Collection[str]) -> bool:
        """Whether messages that show one of these are being sent."""
        coming = select(DeliveryRow.seq).where(
            DeliveryRow.shows.in_(list(digests)),
            DeliveryRow.shows.is_not(None),
            DeliveryRow.state == DeliveryState.SENDING,
        )
        return await self._session.scalar(coming.limit(1)) is not None

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
