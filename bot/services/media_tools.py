"""What the work on voice and pictures is done with: the messenger's files, decoders, and a model that writes down."""

from dataclasses import dataclass

from bot.services.ports import Develop, Files, Listen, Transcriber


@dataclass(frozen=True, slots=True)
class MediaTools:
    """What the work is done with. Without `files` nothing is fetched; without `transcriber` voices are kept as they are."""

    files: Files | None
    listen: Listen
    develop: Develop
    transcriber: Transcriber | None = None

    def writes_down(self, *, private: bool) -> bool:
        """Participants' voices are written down only where they stay with us: the consent text says so."""
        return self.transcriber is not None and (self.transcriber.ours or not private)
