"""The rehearsal: the real bot against a local Bot API, with a tour loaded and a clock that can jump.

Lives in DATA_DIR/rehearsal, on loopback, and begins anew at each start: it never touches real data.
"""

from bot.rehearsal.sources import TOUR, read_sample
from bot.rehearse.opening import Wishes, fresh_folder, pulse_of, rehearse, serve_telegram
from bot.rehearse.stage import Rehearsal

__all__ = [
    "TOUR",
    "Rehearsal",
    "Wishes",
    "fresh_folder",
    "pulse_of",
    "read_sample",
    "rehearse",
    "serve_telegram",
]
