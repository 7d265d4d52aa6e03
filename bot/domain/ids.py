"""Identifiers and secrets.

Ids are random so that no table tells an order by itself: who wrote before whom is one of the things
that would tie an anonymous note to its author.
"""

import hashlib
import secrets
from typing import NewType

TourId = NewType("TourId", str)
MeetingId = NewType("MeetingId", str)
PersonId = NewType("PersonId", str)
VoiceId = NewType("VoiceId", str)
NoteId = NewType("NoteId", str)
DeliveryId = NewType("DeliveryId", str)
Region = NewType("Region", str)
ChatId = NewType("ChatId", int)
Secret = NewType("Secret", str)
SecretHash = NewType("SecretHash", str)

_CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on a wall
_CODE_LENGTH = 10


def new_id() -> str:
    """128 random bits as 22 URL-safe characters: fits twice into a button's 64 bytes."""
    return secrets.token_urlsafe(16)


def new_secret(*, size: int = 16) -> Secret:
    """A secret that only its bearer's button or link holds; `size` in bytes."""
    return Secret(secrets.token_urlsafe(size))


def hash_of(secret: str) -> SecretHash:
    """What is stored of a secret. The secrets are random, so a plain digest cannot be guessed back."""
    return SecretHash(hashlib.sha256(secret.encode()).hexdigest())


def new_code() -> str:
    """A meeting's code, for links and to be read aloud."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))
