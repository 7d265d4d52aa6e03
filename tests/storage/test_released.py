"""Every released schema, with data in every table, on both databases: up to today's, down step by step, and up again."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest

from storage.database import Database
from storage.models import Base
from storage.repositories.audit import AuditEntry
from storage.revisions import CannotChange, newest, stepped_back
from tests.support.released import NOON, RELEASED, ROWS, held, of_version

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
CHANGES_ON_THE_WAY = {"audit": {"seq"}}
"""0006 numbers the lines of the audit anew, without gaps."""


def kept(before: Rows, after: Rows) -> None:
    """Every row that was there is there, with the value of every column that it had."""
    for name, rows in before.items():
        but = CHANGES_ON_THE_WAY.get(name, set())
        shown = [{key: row[key] for key in rows[0] if key not in but} for row in after[name]] if rows else []
        assert shown == [{key: row[key] for key in row if key not in but} for row in rows], name


def test_every_revision_has_rows_for_every_table() -> None:
    """Whoever adds a revision or a table adds rows that go through the later ones."""
    filled = {name for brought in ROWS.values() for name in brought}
    filled |= {"audit_chain"}  # made by 0006 out of the lines
    assert RELEASED[-1] == newest()
    assert filled == set(Base.metadata.tables)


@pytest.mark.parametrize("revision", RELEASED)
async def test_a_released_schema_is_brought_up_with_all_that_is_in_it_and_down_again(
    bare: Database, revision: str
) -> None:
    """What came from an older version survives the way up and down: the backup before an upgrade is made so."""
    await of_version(bare, revision)
    before = await held(bare)
    await bare.migrate()
    today = await held(bare)
    kept(before, today)
    assert set(today) == set(Base.metadata.tables)
    async with bare.open_unit() as unit:  # and it works
        assert await unit.facts.get("가상 사실") == ""
        await unit.audit.record(AuditEntry(NOON, None, "가상", "가상", {}))
    await bare.step_back(revision)
    again = await held(bare)
    kept(before, again)
    assert {name: len(rows) for name, rows in again.items()} == {
        name: len(rows) for name, rows in before.items()
    }


STEPS = [(new, old) for old, new in pairwise(RELEASED) if new != "0002"]


@pytest.mark.parametrize(("new", "old"), STEPS)
async def test_a_step_down_keeps_all_but_what_the_older_schema_has_no_place_for(
    bare: Database, new: str, old: str
) -> None:
    """And up again, it is today's."""
    await of_version(bare, new)
    before = await held(bare)
    await bare.step_back(old)
    after = await held(bare)
    for name, rows in after.items():
        but = LOST.get(new, {}).get(name, 0)
        assert len(rows) == len(before[name]) - but, name
        assert not but or [row["version"] for row in rows if row["purpose"] == "feedback"] == ["2"], (
            "the newest"
        )
    await bare.migrate()
    assert {name: len(rows) for name, rows in after.items()}.items() <= {
        name: len(rows) for name, rows in (await held(bare)).items()
    }.items()


LOST = {"0007": {"consents": 1}}
"""Of several versions of a text that somebody agreed to, the newest stays."""


async def test_a_step_down_that_would_destroy_notes_is_refused_and_changes_nothing(bare: Database) -> None:
    """0001 has no word for notes by the page."""
    await of_version(bare, "0002")
    before = await held(bare)
    with pytest.raises(CannotChange, match="IntegrityError"):
        await stepped_back(bare, "0001")
    assert await held(bare) == before
