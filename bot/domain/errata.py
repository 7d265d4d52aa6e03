"""Errata (정오): what a revision of a digest changed for somebody who had an earlier one, as numbers of notes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """Numbers of notes that came (추가 의견), say something else, or are gone since a reader was told. No words."""

    added: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()

    @property
    def takes_words(self) -> bool:
        """Whether what was sent may hold words that must not stand there any more.

        Also where no note changed: then something around them did, such as the names that are to be left out.
        """
        return bool(self.changed or self.withdrawn or not self.added)

    def then(self, later: "Changes") -> "Changes":
        """Both, told at once. What came and went in between is told as nothing."""
        back = later.added & self.withdrawn
        withdrawn = (self.withdrawn - back) | (later.withdrawn - self.added)
        added = (self.added - later.withdrawn) | (later.added - back)
        return Changes(added, (self.changed | later.changed | back) - added - withdrawn, withdrawn)


def in_order(numbers: frozenset[str]) -> list[str]:
    """전북-2 before 전북-10."""
    return sorted(numbers, key=lambda number: (len(number), number))
