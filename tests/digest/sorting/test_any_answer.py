"""Any day, and any answers: the account balances, and what a person filed stands."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.digest.ledger import verify
from bot.digest.pipeline import make_digest
from bot.domain.digest import DayInput
from tests.support.days import days
from tests.support.model_sorters import names_in
from tests.support.model_writers import Told, notes_in
from tests.support.sorting import sorted_by

_TOPIC = st.sampled_from(["t1", "t2", "t9", "new", "none", ""])
_NAME = st.one_of(
    st.text(max_size=50), st.sampled_from(["기숙사 난방", "통근버스", "카나리아7731", "일자리·임금", ""])
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days(), st.data())
def test_any_day_balances_whatever_a_model_answers(day: DayInput, data: st.DataObject) -> None:
    def answer(asked: str) -> Told:
        if "<names>" in asked:
            names = st.sampled_from([*names_in(asked), "t1", "카나리아7731"])
            pairs = st.fixed_dictionaries({"name": names, "into": names})
            return {"same": data.draw(st.lists(pairs, max_size=3))}
        notes = [*notes_in(asked), "n99"]
        one = st.fixed_dictionaries({"note": st.sampled_from(notes), "topic": _TOPIC, "name": _NAME})
        return {"notes": data.draw(st.lists(one, max_size=len(notes) + 2))}

    told, _ = sorted_by(answer, day)
    digest = make_digest(day, proposals=told.proposals)
    verify(digest, day)
    themed = {number for theme in digest.themes for number in theme.notes}
    buttons = {one.number: one.topic for one in day.notes if one.topic in ("jobs", "living")}
    assert not told.proposals.by_model & buttons.keys()
    plain = make_digest(day)
    assert {n for theme in plain.themes for n in theme.notes} & buttons.keys() <= themed | {
        n for finding in digest.minority for n in finding.notes
    }
    assert digest.ledger.set_aside == plain.ledger.set_aside
    assert all("카나리아7731" not in theme.category for theme in digest.themes)
