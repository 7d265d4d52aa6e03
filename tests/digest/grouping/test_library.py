"""The matters that a proposal knows: the tour's own, or ours."""

from collections import Counter

from bot.digest.grouping.lexicon import Lexicon
from bot.digest.grouping.library import Library, Subject, library_of, shipped_topics
from bot.domain.digest import Matter, Topic

OWN = (
    Topic(
        "bus",
        "버스",
        matters=(Matter("", ("버스", "통근버스")), Matter("막차", ("막차",), ("막차가 끊겨요",))),
    ),
    Topic("other", "기타", is_rest=True, matters=(Matter("관광", ("관광",)),)),
)


def test_a_tours_own_matters_are_used_and_no_others() -> None:
    assert [(one.title, one.topic) for one in library_of(OWN).subjects] == [
        ("버스", "bus"),
        ("막차", "bus"),
        ("관광", None),
    ]


def test_a_tour_without_matters_uses_ours() -> None:
    ours = library_of((Topic("x", "새 주제"),))
    assert len(ours.subjects) == sum(len(topic.matters) for topic in shipped_topics())
    assert {one.topic for one in ours.subjects} == {None}


def test_matters_of_ours_keep_a_topic_that_the_tour_has_too() -> None:
    ours = library_of((Topic("living", "주거·교통·문화"), Topic("jobs", "다른 이름")))
    assert {one.topic for one in ours.subjects} == {None, "living"}


def test_every_matter_that_ships_has_words_and_sentences_of_its_own() -> None:
    subjects = library_of(shipped_topics()).subjects
    assert Counter(one.title for one in subjects).most_common(1)[0][1] == 1
    assert all(len(one.keywords) >= 12 and len(one.examples) >= 6 for one in subjects)


def lexicon(*keywords: tuple[str, ...]) -> Lexicon:
    return Lexicon(Library(tuple(Subject(str(place), None, some, ()) for place, some in enumerate(keywords))))


def test_short_keywords_are_whole_words_and_long_ones_are_found_within_words() -> None:
    words = lexicon(("버스", "통근버스", "방"))
    assert [hit.keyword for hit in words.hits("통근버스비가 부담", ["통근버스비"])] == ["통근버스"]
    assert [hit.keyword for hit in words.hits("방법을 모름", ["방법"])] == []
    assert [hit.keyword for hit in words.hits("산단버스", ["산단버스"])] == ["버스"]


def test_a_keyword_of_several_matters_says_less_for_each() -> None:
    (hit,) = lexicon(("r&d", "과제"), ("R&D",)).hits("R&D 예산", ["R", "D", "예산"])
    assert hit.matters == (0, 1)
    assert 0.7 < hit.weight < 0.71
