"""Sending: what is due is claimed, handed over and its end recorded. `Sender` is all that others need."""

from bot.services.sending.sender import Sender

__all__ = ["Sender"]
