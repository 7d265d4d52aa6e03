"""Requests of people about their own data: made (asking), answered (answering), kept in mind (minding), said (telling).

A request ties a chat to what was asked, until thirty days after the answer. It never ties a chat to a note.
"""

from bot.services.requests.answering import Answering
from bot.services.requests.asking import Asking
from bot.services.requests.minding import Minding

__all__ = ["Answering", "Asking", "Minding"]
