"""The declarative base: names for every constraint, so that migrations can speak of them."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Date, MetaData, String
from sqlalchemy.orm import DeclarativeBase

from bot.domain.ids import (
    ChatId,
    DeliveryId,
    MeetingId,
    NoteId,
    PersonId,
    Region,
    SecretHash,
    TourId,
    VoiceId,
)
from storage.types import UtcDateTime

ID = String(32)
NAME = String(200)


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        date: Date,
        TourId: ID,
        MeetingId: ID,
        PersonId: ID,
        VoiceId: ID,
        NoteId: ID,
        DeliveryId: ID,
        SecretHash: String(64),
        Region: String(40),
        ChatId: BigInteger,
        dict[str, Any]: JSON(none_as_null=True),
        list[dict[str, Any]]: JSON,
    }
