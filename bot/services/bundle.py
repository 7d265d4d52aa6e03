"""All use cases in one value, as the composition root hands them to the handlers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Services:
    """Built once by bot.app."""
