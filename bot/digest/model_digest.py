"""A digest in a language model's words where they passed, in its notes' own words everywhere else.

The model writes findings and requests of themes. Titles (and the sentence that a title shortens), numbers, the ledger, promises, hearsay, what staff marked as
a request and what stands apart are the code's, as in an extractive digest.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.digest.group import STAFF_KINDS, Group
from bot.digest.model_check import Judge
from bot.digest.model_prompt import VERSION
from bot.digest.model_theme import Task, Text, offered_notes
from bot.digest.pipeline import Outline, finish
from bot.digest.ports import Trouble
from bot.digest.prepare import names_of
from bot.digest.sorting.prompt import VERSION as SORT_VERSION
from bot.digest.write import Writer
from bot.domain.digest import Digest, Engine, EngineKind, FindingKind, Theme

MOST_DROPPED = 0.5
"""The share of a model's sentences that may fail; of more, the whole digest is extractive."""


def tasks(made: Outline, *, abroad: bool) -> tuple[Task, ...]:
    """The themes for the model, each with what it may see of it. None where no note may be shown to it."""
    writer = Writer(made.day, made.grouped)
    groups = _groups(made)
    on_file = names_of(made.day)
    found = []
    for place, theme in enumerate(made.written.themes):
        notes = offered_notes(theme, groups[place], abroad=abroad)
        if notes:
            offered = {f"n{at}": note for at, note in enumerate(notes, start=1)}
            again = made.day.editing.again_marks
            judge = Judge(theme.category, offered, writer.quote_behind, on_file, again)
            found.append(Task(place, theme.category, offered, judge))
    return tuple(found)


def _groups(made: Outline) -> list[Group]:
    """The group behind each theme, in the themes' order."""
    by_note = {note.number: group for group in made.grouped.groups for note in group.everything}
    return [by_note[theme.notes[0]] for theme in made.written.themes]


def digest_of_texts(
    made: Outline,
    texts: Mapping[int, Text],
    model: str,
    *,
    missing: Trouble | None = None,
    unsorted: Outline | None = None,
    spent: int = 0,
) -> Digest:
    """The digest with the model's `texts` by place of their theme. `missing`: why others that it might have written
    are extractive, or notes that it might have sorted are not. `unsorted`: the day without what the model sorted, for
    when too little is left; `spent`: what sorting took. Raises bot.digest.ledger.Unbalanced."""
    tokens = spent + sum(text.tokens for text in texts.values())
    dropped = sum(text.dropped for text in texts.values())
    written = dropped + sum(len(text.findings) for text in texts.values())
    if dropped > MOST_DROPPED * written or not any(text.findings for text in texts.values()):
        reason = missing or (Trouble.TOO_MANY_DROPPED if texts else Trouble.NO_THEME)
        return extractive(unsorted or made, reason, tokens=tokens)
    groups = _groups(made)
    themes = [
        _rewritten(theme, groups[place], texts[place]) if place in texts and texts[place].findings else theme
        for place, theme in enumerate(made.written.themes)
    ]
    free = frozenset(finding for text in texts.values() for finding in text.findings)
    engine = Engine(
        kind=EngineKind.LANGUAGE_MODEL,
        model=model,
        prompt_version=f"{VERSION}+{SORT_VERSION}" if made.by_model else VERSION,
        fallback_reason=missing.value if missing else None,
        tokens=tokens,
    )
    return finish(made, replace(made.written, themes=tuple(themes)), engine, free=free, dropped=dropped)


def extractive(made: Outline, reason: Trouble, *, tokens: int = 0) -> Digest:
    """The extractive digest, marked with why. Raises bot.digest.ledger.Unbalanced."""
    return finish(made, made.written, Engine(fallback_reason=reason.value, tokens=tokens))


def _rewritten(theme: Theme, group: Group, text: Text) -> Theme:
    marked = {note.number for note in group.notes if note.note.kind in STAFF_KINDS}
    titled = {quote.note for quote in theme.title_quotes} - {n for one in text.findings for n in one.notes}
    kept = [
        one
        for one in theme.findings
        if one.kind is FindingKind.MINORITY or set(one.notes) <= marked or set(one.notes) & titled
    ]
    told = sorted(text.findings, key=lambda finding: finding.kind is FindingKind.REQUEST)
    return replace(theme, findings=(*told, *kept))
