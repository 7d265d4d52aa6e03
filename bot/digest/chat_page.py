"""A page of a digest in chat: collects blocks and knows how each kind of line is written."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.digest.chat_parts import Block, pieces, quote_blocks
from bot.digest.shield import Hidden, shown, shown_average, table
from bot.digest.shown_counts import ShownCounts
from bot.digest.shown_words import ShownWords
from bot.domain.digest import SHIELD_BELOW, Digest, Finding, Quote
from bot.domain.feedback import Speaker
from bot.domain.values import Value
from prompts.messages import Messages

_LIST_LENGTH = 900
"""Characters of a list of numbers in one block."""
_LONGEST_LINE = 220
"""Words up to this long stand in the line; longer ones unfold."""
INDENT = "\u2003"
"""An em space: Telegram keeps it at the start of a line."""


class Page:
    """Collects blocks of one page and knows how each kind of line is written."""

    def __init__(self, digest: Digest, messages: Messages, now: datetime, language: str) -> None:
        self.digest = digest
        self.blocks: list[Block] = []
        self.has_written = False
        self._messages = messages
        self._now = now
        self._language = language
        ledger = digest.ledger
        self.shown_words = ShownWords(digest.region, (*ledger.cited, *ledger.covered, *ledger.unplaced))
        self._counts = ShownCounts(digest)
        self.theme_voices = self._counts.theme_voices

    def words(self, key: str, values: dict[str, Value] | None = None) -> str:
        return self._messages.plain(key, values or {}, now=self._now, language=self._language)

    def line(
        self,
        name: str,
        values: dict[str, Value] | None = None,
        *,
        indent: int = 0,
        leads: bool = False,
        titled: bool = False,
    ) -> None:
        """A line of digest.toml, or of another file by its whole key. `titled` gives it the digest's region and day as well,
        and the mark of an interim one."""
        given = dict(values or {})
        if titled:
            given |= {"region": self.digest.region, "day": self.digest.day}
        if titled and self.digest.interim is not None:
            name, given["as_of"] = f"interim_mark.{name}", self.digest.interim
        key = name if "." in name else f"digest.{name}"
        text = self._messages.text(key, given, now=self._now, language=self._language)
        self.blocks.append(Block(INDENT * indent + text, leads))

    def gap(self) -> None:
        self.blocks.append(Block("", leads=True))

    def count(self, count: int, voices: int | None = None) -> str:
        visible = shown(count, voices)
        return self.words("digest.few") if visible is None else str(visible)

    def theme_count(self, place: int, count: int | None = None) -> str:
        """A theme's voices, or `count` (what they said) where its voices may be shown."""
        visible = self.theme_voices[place]
        if isinstance(visible, Hidden):
            return self.words("digest.few" if visible is Hidden.FEW else "digest.left_out")
        return str(visible if count is None else count)

    def theme_speakers(self, place: int, *, indent: int) -> None:
        self._speaker_table(self.theme_cells(place), indent)

    def theme_rating(self, place: int, *, indent: int) -> None:
        """That it is of too few is said; that it would tell another is not."""
        theme = self.digest.themes[place]
        if place in self._counts.averages or theme.rated_voices < SHIELD_BELOW:
            self.rating(theme.rating_average, theme.rated_voices, indent=indent)

    def theme_cells(self, place: int) -> Mapping[Speaker, int | None] | None:
        """A theme's voices by speaker, small ones hidden (None); None: none of them may be shown."""
        return self._counts.cells(place)

    def theme_average(self, place: int) -> float | None:
        """A theme's average rating where it may stand beside the day's."""
        return self._counts.average(place)

    def number(self, note: str) -> str:
        """The number of a cited note, marked where it came late and where a machine wrote its words down."""
        cited = self.cited(note)
        told = self.words("errata.late", {"note": cited}) if note in self.digest.late else cited
        return self.words("media.cited", {"note": told}) if note in self.digest.heard else told

    def cited(self, note: str) -> str:
        """How a note is named where it is cited; reports that hold several days say more."""
        return note

    def speaker(self, speaker: Speaker) -> str:
        return self.words(f"digest.speaker_{speaker.value}")

    def speakers(self, by_speaker: dict[Speaker, int], indent: int) -> None:
        self._speaker_table(table(by_speaker), indent)

    def _speaker_table(self, cells: Mapping[Speaker, int | None] | None, indent: int) -> None:
        if cells is None:
            self.line("speakers_hidden", indent=indent)
            return
        told = [
            self.words(
                "digest.speaker_count", {"speaker": self.speaker(speaker), "count": self.count(count or 0)}
            )
            for speaker, count in cells.items()
        ]
        self.line("overview_speakers", {"speakers": ", ".join(told)}, indent=indent)

    def rating(self, average: float | None, voices: int, indent: int) -> None:
        visible = shown_average(average, voices)
        if visible is not None:
            self.line("rating", {"average": f"{visible:.1f}", "voices": voices}, indent=indent)
        elif average is not None:
            self.line("rating_few", indent=indent)

    def said(self, text: str, quote: Quote, *, indent: int, asked: bool = False) -> None:
        """A sentence with who said it (where that may be told) and the number of its note."""
        *before, last = pieces(self.shown_words(text, one_line=True)) or [""]
        for piece in before:
            self.blocks += quote_blocks(piece)
        values: dict[str, Value] = {"text": last, "note": self.number(quote.note)}
        name = "asked" if asked else "said"
        if quote.speaker is None:
            self.line(name, values, indent=indent)
        else:
            self.line(f"{name}_by", values | {"speaker": self.speaker(quote.speaker)}, indent=indent)

    def finding(self, finding: Finding, *, indent: int, context: bool = False, asked: bool = False) -> None:
        """A finding; with `context`, the whole words behind it unfold below. `asked` calls a request so."""
        if finding.in_own_words:
            self._written(finding, indent=indent, context=context, asked=asked)
            return
        self.said(finding.text, finding.quotes[0], indent=indent, asked=asked)
        if context:
            for quote in finding.quotes:
                if quote.text != finding.text:
                    self.whole_words(quote)

    def _written(self, finding: Finding, *, indent: int, context: bool, asked: bool) -> None:
        """A sentence that nobody said: without quotation marks, with all notes it rests on."""
        self.has_written = True
        text = self.shown_words(finding.text, one_line=True)
        values: dict[str, Value] = {"text": text, "notes": ", ".join(map(self.number, finding.notes))}
        self.line("ai.asked" if asked else "ai.written", values, indent=indent)
        for quote in finding.quotes if context else ():
            self.quoted(quote, indent=indent + 1)

    def quoted(self, quote: Quote, *, indent: int) -> None:
        """A note's words in a line, long ones unfolding below who said them."""
        if len(quote.text) <= _LONGEST_LINE and "\n" not in quote.text:
            self.said(quote.text, quote, indent=indent)
            return
        values: dict[str, Value] = {"note": self.number(quote.note)}
        if quote.speaker is None:
            self.line("source", values, indent=indent, leads=True)
        else:
            values["speaker"] = self.speaker(quote.speaker)
            self.line("source_by", values, indent=indent, leads=True)
        self.whole_words(quote)

    def whole_words(self, quote: Quote) -> None:
        self.blocks += quote_blocks(self.shown_words(quote.text))

    def numbers(self, name: str, notes: Iterable[str], *, indent: int, **values: Value) -> None:
        """A line that lists note numbers, in as many blocks as they need."""
        row: list[str] = []
        for note in notes:
            if row and sum(map(len, row)) + 2 * len(row) + len(note) > _LIST_LENGTH:
                self.line(name, {"notes": ", ".join(row), **values}, indent=indent)
                row = []
            row.append(note)
        if row:
            self.line(name, {"notes": ", ".join(row), **values}, indent=indent)
