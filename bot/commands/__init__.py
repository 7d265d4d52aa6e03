"""What the commands of `python -m bot` do, a file each. They give lines to print, or raise Failed with what to say.

`bot.__main__` reads the words typed and prints; `bot.running` shares the desk. Nothing else imports them.
"""

from bot.commands.backup import backup
from bot.commands.composing import digest
from bot.commands.desk import NO_TELEGRAM, TELEGRAM_REFUSES, Desk, Failed, database_of, desk
from bot.commands.doctor import Diagnosis, diagnose, diagnose_settings
from bot.commands.exporting import export_audit, export_notes
from bot.commands.files import write_out, write_private
from bot.commands.importing import import_notes_file, import_tour
from bot.commands.inviting import invite
from bot.commands.moving import move
from bot.commands.purging import purge
from bot.commands.restoring import restore
from bot.commands.templates import template
from bot.commands.topics import import_topics
from bot.commands.touring import tour_digest
from bot.commands.worksheet import worksheet

__all__ = [
    "NO_TELEGRAM",
    "TELEGRAM_REFUSES",
    "Desk",
    "Diagnosis",
    "Failed",
    "backup",
    "database_of",
    "desk",
    "diagnose",
    "diagnose_settings",
    "digest",
    "export_audit",
    "export_notes",
    "import_notes_file",
    "import_topics",
    "import_tour",
    "invite",
    "move",
    "purge",
    "restore",
    "template",
    "tour_digest",
    "worksheet",
    "write_out",
    "write_private",
]
