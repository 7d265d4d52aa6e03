"""The context that handlers are called with: the unit of this update, its time, and how to speak."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.domain.delivery import Draft, Keyboard
from bot.domain.errors import ButtonUnknown, NotAllowed, WriteInPrivate
from bot.domain.ids import ChatId
from bot.domain.person import Person
from bot.domain.values import Value
from bot.services.bundle import Services
from bot.services.saying import Replies
from bot.services.unit import Unit


@dataclass(slots=True)
class Turn:
    """One update being handled: what inbox gave, and what came of it."""

    unit: Unit
    replies: Replies
    now: datetime
    toast: tuple[str, Mapping[str, Value]] | None = None
    failure: Exception | None = None
    built: bool = False


current_turn: ContextVar[Turn] = ContextVar("current_turn")
"""Carries the turn through PTB's process_update to the context it builds."""


class BotContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's context with our unit in it. Raises LookupError when built outside a turn."""

    def __init__(
        self,
        application: "Application[Any, Any, Any, Any, Any, Any]",
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        super().__init__(application, chat_id=chat_id, user_id=user_id)
        self.turn = current_turn.get()
        services = application.bot_data["services"]
        if not isinstance(services, Services):
            raise LookupError("the application was built without services")
        self.services: Services = services
        self.turn.built = True

    @property
    def unit(self) -> Unit:
        return self.turn.unit

    @property
    def now(self) -> datetime:
        return self.turn.now

    @property
    def language(self) -> str:
        """The language of whoever is answered: their own choice, else their Telegram's."""
        return self.turn.replies.language

    def speak(self, language: str) -> None:
        """Answers from now on, the toast too, are in this language."""
        self.turn.replies.speak(language)

    async def reply(
        self,
        key: str,
        values: Mapping[str, Value] | None = None,
        *,
        keyboard: Keyboard = (),
        picture: str | None = None,
        edits: int | None = None,
        private: bool = False,
    ) -> None:
        """Plans an answer to this update's chat (`edits`: changes that message instead)."""
        await self.say(
            Draft(
                key=key,
                values=values or {},
                keyboard=keyboard,
                picture=picture,
                edits=edits,
                private=private,
            )
        )

    async def say(self, draft: Draft) -> None:
        """Plans a draft that a service made as an answer to this update's chat."""
        await self.turn.replies.say(draft)

    def answer(self, key: str, values: Mapping[str, Value] | None = None) -> None:
        """Notes the toast for the button press in hand; sent after the commit."""
        self.turn.toast = (key, values or {})

    async def person(self, update: Update) -> Person:
        """Who speaks, with their grants as they are now. Raises NotAllowed for somebody without any."""
        user = update.effective_user
        person = None if user is None else await self.services.people.known(self.unit, ChatId(user.id))
        if person is None:
            raise NotAllowed
        return person


def chat_of(update: Update) -> ChatId:
    """The chat an update belongs to. Raises ButtonUnknown when it has none (nothing can be answered there)."""
    if update.effective_chat is None:
        raise ButtonUnknown
    return ChatId(update.effective_chat.id)


def require_private(update: Update) -> ChatId:
    """The private chat of an update. Raises WriteInPrivate in a group."""
    chat = chat_of(update)
    if chat < 0:
        raise WriteInPrivate
    return chat


def pressed(update: Update) -> tuple[str, int]:
    """A button press: its data and the id of the message that carries it. Raises ButtonUnknown without them."""
    query = update.callback_query
    if query is None or query.data is None or query.message is None:
        raise ButtonUnknown
    return query.data, query.message.message_id


def words_of(update: Update) -> str:
    """The text of a message as it was typed; empty when there is none."""
    message = update.effective_message
    return (message.text or "") if message is not None else ""
