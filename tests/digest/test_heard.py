"""Voice and pictures in a digest: what stands in place of words is set aside with its reason, a machine's words are marked."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.digest.as_chat import compose
from bot.digest.as_json import from_json, to_json
from bot.digest.pipeline import make_digest
from bot.domain.digest import SetAsideReason
from bot.services.fingerprints import fingerprint_of
from prompts.messages import Messages
from tests.support.days import day_of, note
from tests.support.plans import at

MESSAGES = Messages(ZoneInfo("Asia/Seoul"))
REASONS = {
    SetAsideReason.VOICE_UNTRANSCRIBED: "받아쓰지 못한 음성",
    SetAsideReason.VOICE_SILENT: "말소리 없는 음성",
    SetAsideReason.PHOTO_ONLY: "글 없는 사진",
    SetAsideReason.MEDIA_LOST: "받지 못한 음성·사진",
}
RENTS = tuple(note(f"전북-{n}", f"월세가 {n}0만원이라 비쌉니다.", topic="living") for n in range(6, 9))
OTHERS = tuple(note(f"전북-{n}", f"통근버스가 {n}대뿐이라 불편합니다.") for n in range(1, 6))


@pytest.mark.parametrize("reason", REASONS)
def test_what_stands_in_place_of_words_is_counted_and_accounted_for(reason: SetAsideReason) -> None:
    digest = make_digest(day_of(*OTHERS, note("전북-9", "", rating=4, unworded=reason)))
    assert [(one.reason, one.notes) for one in digest.ledger.set_aside] == [(reason, ("전북-9",))]
    assert digest.numbers.notes == 6
    [page] = compose(digest, "led", MESSAGES, at("21:00"))
    assert f"○ 제외({REASONS[reason]}): 전북-9" in page


def test_words_go_before_whatever_else_a_note_holds() -> None:
    digest = make_digest(day_of(note("전북-1", "통근버스가 없습니다.", unworded=SetAsideReason.PHOTO_ONLY)))
    assert digest.ledger.set_aside == ()


def test_a_machines_words_are_marked_wherever_they_are_cited() -> None:
    digest = make_digest(
        day_of(*OTHERS, *(replace(one, number=f"{one.number}0", heard=True) for one in RENTS))
    )
    assert digest.heard == ("전북-60", "전북-70", "전북-80")
    assert from_json(to_json(digest)) == digest
    summary = compose(digest, "sum", MESSAGES, at("21:00"))[0]
    assert re.search(r"월세가.+ · 전북-[678]0 받아쓰기", summary)
    assert re.search(r"통근버스가.+ · 전북-[1-5]\)", summary)
    assert "말한 사람이 확인하지 않음" in summary
    place = next(place for place, theme in enumerate(digest.themes) if "전북-60" in theme.notes)
    for line in compose(digest, f"t{place}", MESSAGES, at("21:00"))[0].splitlines():
        assert "“" not in line or "받아쓰기" in line


def test_without_a_voice_nothing_of_it_is_said_and_old_digests_are_read() -> None:
    digest = make_digest(day_of(*OTHERS))
    assert "받아쓰기" not in compose(digest, "sum", MESSAGES, at("21:00"))[0]
    stored = to_json(digest)
    del stored["heard"]
    assert from_json(stored) == digest


def test_a_digest_is_made_anew_when_its_words_come_or_are_put_right() -> None:
    plain = note("전북-1", "월세가 비쌉니다.")
    prints = {
        fingerprint_of(day_of(one))
        for one in (
            plain,
            note("전북-1", "월세가 비쌉니다.", heard=True),
            note("전북-1", "", unworded=SetAsideReason.VOICE_UNTRANSCRIBED),
            note("전북-1", "", unworded=SetAsideReason.MEDIA_LOST),
            note("전북-1", ""),
        )
    }
    assert len(prints) == 5
