"""Where a meeting is: buttons to the maps that people in Korea use."""

from urllib.parse import quote

from bot.domain.delivery import Button
from bot.domain.meeting import MeetingPlan


def map_buttons(plan: MeetingPlan) -> tuple[Button, ...]:
    """Links to 네이버지도 and 카카오맵 that search for the venue; none for a meeting without a place."""
    where = " ".join(part for part in (plan.address.removesuffix("일원").strip(), plan.venue) if part)
    if not where:
        return ()
    query = quote(where, safe="")
    return (
        Button("schedule.naver_map", url=f"https://map.naver.com/p/search/{query}"),
        Button("schedule.kakao_map", url=f"https://map.kakao.com/link/search/{query}"),
    )
