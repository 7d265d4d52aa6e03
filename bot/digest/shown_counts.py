"""What people may see of a digest's counts by theme: the same for every form that shows them (chat, files, the tour)."""

from collections.abc import Mapping

from bot.digest.shield import Hidden, averages_beside_a_total, beside_a_total, tables_beside_totals
from bot.domain.digest import Digest
from bot.domain.feedback import Speaker


class ShownCounts:
    """Themes are named by their place in the digest. `theme_voices`: how many, or why that is not shown."""

    def __init__(self, digest: Digest) -> None:
        self._themes = digest.themes
        self.theme_voices = beside_a_total({place: one.voices for place, one in enumerate(digest.themes)})
        told = {place for place, voices in self.theme_voices.items() if not isinstance(voices, Hidden)}
        self.averages = averages_beside_a_total(
            {place: digest.themes[place].rated_voices for place in told}, digest.numbers.rated_voices
        )
        """The themes whose average may stand beside the day's."""
        self._speakers = tables_beside_totals(
            {place: one.by_speaker for place, one in enumerate(digest.themes)}, digest.numbers.by_speaker
        )

    def cells(self, place: int) -> Mapping[Speaker, int | None] | None:
        """A theme's voices by speaker, small ones hidden (None); None: none of them may be shown."""
        return None if isinstance(self.theme_voices[place], Hidden) else self._speakers[place]

    def average(self, place: int) -> float | None:
        """A theme's average rating where it may stand beside the day's."""
        return self._themes[place].rating_average if place in self.averages else None
