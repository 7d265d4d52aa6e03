"""Voice and pictures of notes, and what is still to be done for them."""

from storage.repositories.media.jobs import Jobs
from storage.repositories.media.kept import Kept
from storage.repositories.media.rows import Content

__all__ = ["Content", "MediaFiles"]


class MediaFiles(Kept, Jobs):
    """Media by note, and their jobs by when they fall due."""
