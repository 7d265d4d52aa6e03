"""Reading a tour's topics: the sample's in order, and what is refused."""

from pathlib import Path

import pytest

from bot.domain.reading import TopicsInvalid, read_topics
from bot.domain.tour import told_in

SAMPLE = Path(__file__).parents[2] / "bot" / "rehearsal" / "sample"


def test_the_samples_are_read_in_order() -> None:
    topics = read_topics((SAMPLE / "topics.toml").read_text(encoding="utf-8"))
    assert [t.title for t in topics] == [
        "일자리·임금",
        "주거·교통·문화",
        "인력·교육",
        "규제·인허가",
        "투자·자금",
        "기술·제조AX",
        "에너지·인프라",
        "기타",
    ]
    assert [t.key for t in topics] == [
        "jobs",
        "living",
        "people",
        "rules",
        "money",
        "tech",
        "energy",
        "other",
    ]


def test_an_english_title_is_for_who_reads_english_and_may_be_left_out() -> None:
    [jobs, rest] = read_topics(
        "[[topic]]\nkey='a'\ntitle='일자리'\ntitle_en='Jobs'\n[[topic]]\nkey='b'\ntitle='기타'\nis_rest=true"
    )
    assert [topic.title for topic in told_in("ko", [jobs, rest])] == ["일자리", "기타"]
    assert [topic.title for topic in told_in("en", [jobs, rest])] == ["Jobs", "기타"]
    sample = read_topics((SAMPLE / "topics.toml").read_text(encoding="utf-8"))
    assert all(topic.title.isascii() for topic in told_in("en", sample))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[topic", "topics_unreadable"),
        ("", "topics_shape"),
        ("topic = []", "topics_shape"),
        ("topic = 'a'", "topics_shape"),
        ("name = 'a'\n[[topic]]\nkey='a'\ntitle='가'", "topics_shape"),
        ("[[topic]]\nkey='a'\ntitle='가'\n" * 21, "topics_shape"),
        ("topic = ['a']", "topic_entry"),
        ("[[topic]]\nkey='a'", "topic_entry"),
        ("[[topic]]\nkey='A'\ntitle='가'", "topic_entry"),
        ("[[topic]]\nkey='abcdefghijklmnopq'\ntitle='가'", "topic_entry"),
        ("[[topic]]\nkey='a'\ntitle=1", "topic_entry"),
        ("[[topic]]\nkey='a'\ntitle='가'\nicon='x'", "topic_entry"),
        ("[[topic]]\nkey='a'\ntitle='가'\ntitle_en=1", "topic_entry"),
        ("[[topic]]\nkey='a'\ntitle='가'\ntitle_en=''", "topic_title"),
        (f"[[topic]]\nkey='a'\ntitle='가'\ntitle_en='{'x' * 31}'", "topic_title"),
        ("[[topic]]\nkey='a'\ntitle='가'\ntitle_en='X'\n[[topic]]\nkey='b'\ntitle='x'", "topic_twice"),
        ("[[topic]]\nkey='a'\ntitle=' ·  '", "topic_title"),
        (f"[[topic]]\nkey='a'\ntitle='{'가' * 31}'", "topic_title"),
        ('[[topic]]\nkey="a"\ntitle="가\\u001b"', "topic_title"),
        ("[[topic]]\nkey='a'\ntitle='가'\n[[topic]]\nkey='a'\ntitle='나'", "topic_twice"),
        ("[[topic]]\nkey='a'\ntitle='가·나'\n[[topic]]\nkey='b'\ntitle='가 나'", "topic_twice"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(text: str, reason: str) -> None:
    with pytest.raises(TopicsInvalid) as why:
        read_topics(text)
    assert why.value.key == f"import.{reason}"
