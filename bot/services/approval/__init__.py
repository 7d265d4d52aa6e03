"""Approval (결재) of a day's first digest: who is asked, what they may decide, and when it goes out without them."""

from bot.services.approval.deciding import Deciding, Pressed
from bot.services.approval.naming import Naming

__all__ = ["Deciding", "Naming", "Pressed"]
