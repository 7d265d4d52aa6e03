"""What the database says no with has a name that a log may hold."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from storage.refusals import why


def test_a_locked_database_is_named(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'locked.db'}", connect_args={"timeout": 0})
    with engine.connect() as holder, engine.connect() as other:
        holder.execute(text("CREATE TABLE words (said TEXT)"))
        holder.commit()
        holder.execute(text("INSERT INTO words VALUES ('가상')"))
        with pytest.raises(OperationalError) as refused:
            other.execute(text("INSERT INTO words VALUES ('가상의 말')"))
    engine.dispose()
    assert why(refused.value) == "SQLITE_BUSY"
    assert why(ValueError("가상의 말")) == ""
