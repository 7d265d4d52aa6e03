"""A digest as Telegram messages in the ministry's report form (개조식): a summary, and sections that unfold.

Counts are shielded (bot.digest.shield); every word of a note is escaped; the words of the form are messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.digest.chat_page import Page
from bot.digest.chat_pages import ledger_page, summary_page, theme_page, unplaced_page
from bot.digest.chat_parts import Block, pack
from bot.digest.chat_sides import named_bodies
from bot.domain.digest import Digest, Finding, FindingKind
from bot.domain.values import Value
from prompts.messages import FIRST_LANGUAGE, Messages

SUMMARY = "sum"
MOST_PARTS = 10
"""Messages of one section: half of what Telegram allows a group in a minute. The rest is on the page and in files."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a digest. `key` (at most 12 ASCII characters) goes into callback data; `label` with `values`
    is the message that names it on a button."""

    key: str
    label: str
    values: dict[str, Value] = field(default_factory=dict)


def findings_about(digest: Digest, *kinds: FindingKind) -> list[tuple[str | None, list[Finding]]]:
    """Findings of these kinds by the topic they stand in or are about (None: no topic), in the digest's order."""
    by_title: dict[str | None, list[Finding]] = {}
    for theme in digest.themes:
        by_title.setdefault(theme.category or theme.title, []).extend(
            finding for finding in theme.findings if finding.kind in kinds
        )
    for finding in (*digest.minority, *digest.apart):
        if finding.kind in kinds:
            by_title.setdefault(finding.about, []).append(finding)
    return [(title, findings) for title, findings in by_title.items() if findings]


_APART: dict[str, tuple[str, tuple[tuple[FindingKind, str, str | None], ...]]] = {
    "req": ("digest.section_requests", ((FindingKind.REQUEST, "requests", None),)),
    "pro": (
        "digest.section_promises",
        (
            (FindingKind.PROMISE, "promises", "promises_note"),
            (FindingKind.HEARSAY, "hearsay", "hearsay_note"),
        ),
    ),
    "min": ("digest.section_minority", ((FindingKind.MINORITY, "minority", "minority_note"),)),
}
"""Sections that gather findings of a kind from everywhere: their key, their label, and for each kind in them the
lines of digest.toml that stand above it."""


def sections(digest: Digest) -> tuple[Section, ...]:
    """The sections that this digest has, the summary first."""
    found = [Section(SUMMARY, "digest.section_summary")]
    found += [
        Section(f"t{place}", "digest.section_theme", {"title": theme.category or theme.title})
        for place, theme in enumerate(digest.themes)
    ]
    for key, (label, kinds) in _APART.items():
        if findings_about(digest, *(kind for kind, _, _ in kinds)):
            found.append(Section(key, label))
    if digest.unplaced:
        found.append(Section("unp", "digest.section_unplaced"))
    if digest.ledger.received:
        found.append(Section("led", "digest.section_ledger"))
    return tuple(found)


def compose(
    digest: Digest, section_key: str, messages: Messages, now: datetime, language: str = FIRST_LANGUAGE
) -> list[str]:
    """The section as messages in Telegram's HTML, each within its limits, at most MOST_PARTS.

    `now` (aware) is when they are read, `language` by whom; what people wrote stays as it is. Raises KeyError for a section that this digest does not have.
    """
    parts = pack(section_blocks(digest, section_key, messages, now, language))
    cut = Page(digest, messages, now, language).words("digest.cut")
    return parts if section_key == SUMMARY else _at_most(parts, cut)


def section_blocks(
    digest: Digest, section_key: str, messages: Messages, now: datetime, language: str = FIRST_LANGUAGE
) -> list[Block]:
    """The section whole, line by line; the first line is its title. Raises KeyError as `compose` does."""
    section = next((one for one in sections(digest) if one.key == section_key), None)
    if section is None:
        raise KeyError(section_key)
    page = Page(digest, messages, now, language)
    _fill(page, section)
    if page.has_written:
        page.line("ai.legend", {"model": digest.engine.model or "-"})
    return page.blocks


def _fill(page: Page, section: Section) -> None:
    section_key = section.key
    if section_key == SUMMARY:
        summary_page(page)
        return
    page.line(
        "title_of_section", {"section": page.words(section.label, section.values)}, titled=True, leads=True
    )
    if section_key in _APART:
        _apart_page(page, _APART[section_key][1])
    elif section_key == "unp":
        unplaced_page(page)
    elif section_key == "led":
        ledger_page(page)
    else:
        theme_page(page, int(section_key[1:]))


def _at_most(parts: list[str], cut: str) -> list[str]:
    return parts if len(parts) <= MOST_PARTS else [*parts[: MOST_PARTS - 1], cut]


def _apart_page(page: Page, kinds: Sequence[tuple[FindingKind, str, str | None]]) -> list[Block]:
    for kind, heading, note in kinds:
        by_title = findings_about(page.digest, kind)
        if not by_title:
            continue
        if len(kinds) > 1:
            page.gap()
            page.line(heading, leads=True)
        if note:
            page.line(note, leads=True)
        for title, findings in by_title:
            if title is None:
                page.line("under_none", leads=True, indent=1)
            else:
                page.line("under", {"title": title}, leads=True, indent=1)
            for finding in findings:
                page.finding(finding, indent=2)
                if kind is FindingKind.REQUEST:
                    named_bodies(page, finding, indent=3)
    return page.blocks
