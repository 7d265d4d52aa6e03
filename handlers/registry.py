"""All handlers, in the order in which PTB asks them."""

from handlers import (
    ask,
    digest,
    feedback,
    files,
    groups,
    help,  # noqa: A004 (the subject's name)
    invite,
    late,
    media,
    notes,
    own_requests,
    people,
    privacy,
    qr,
    requests,
    schedule,
    settings,
    start,
    status,
    words,
)

REGISTERS = (
    groups.register,
    start.register,
    feedback.register,
    schedule.register,
    late.register,
    qr.register,
    digest.register,
    ask.register,
    notes.register,
    invite.register,
    people.register,
    settings.register,
    privacy.register,
    own_requests.register,
    requests.register,
    status.register,
    help.register,
    files.register,
    media.register,
    words.register,
)
"""`words` comes last: it takes every message of a private chat that no command took."""
