"""What `restore` says: what came back, what is closed, what may be lost, and what may reach people a second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.reminder import Reminder
from bot.services.carried import Held
from bot.services.digests import RegionDay
from bot.services.restored import Returned
from prompts.korean import written_date, written_span, written_when
from storage.carrying import Since

_MOST = 10
"""Reminders and region-days that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Restored:
    """`held` is None when the data that stood could not be asked what people ended. `again`: digests that will go out.

    `destroyed`: notes whose period was over when they came back. `since`: what came after the backup and was carried over.
    """

    taken_at: datetime | None
    returned: Returned
    held: Held | None
    again: Sequence[RegionDay]
    destroyed: int
    since: Since | None = None


def restored_report(
    restored: Restored, file: Path, aside: Path | None, zone: ZoneInfo, now: datetime
) -> list[str]:
    """Lines for the console; times in `zone`."""
    return [
        *_what_came_back(restored, file, zone, now),
        *_sending(restored.returned, zone),
        *_digests(restored.again),
        *_ended(restored.held, restored.since),
        *_destroyed(restored.destroyed),
        *_next(aside),
    ]


def _what_came_back(restored: Restored, file: Path, zone: ZoneInfo, now: datetime) -> list[str]:
    if restored.taken_at is None:
        return [
            f"되돌렸습니다: {file} (`backup`으로 만든 파일이 아니어서 언제의 자료인지 알 수 없습니다)",
            "  그 시각 뒤의 의견, 일정 변경, 초대와 역할은 이 자료에 없습니다.",
        ]
    taken = written_when(restored.taken_at.astimezone(zone))
    lines = [f"되돌렸습니다: {file} ({taken}에 백업한 자료)"]
    meanwhile = f"  그 뒤 {written_span(now - restored.taken_at)} 동안의"
    since = restored.since
    if since is None:
        return [*lines, f"{meanwhile} 의견, 일정 변경, 초대와 역할은 이 자료에 없습니다."]
    return [
        *lines,
        f"{meanwhile} 의견 {since.notes}건과 고친 의견 {since.changed}건, 나간 보고 {since.digests}건은 지금 자료에서 옮겨 담았습니다.",
        "  그동안의 일정 변경, 파일에서 가져온 의견, 새 초대와 새 역할은 없습니다. 파일을 다시 가져와 주십시오.",
    ]


def _sending(returned: Returned, zone: ZoneInfo) -> list[str]:
    waiting = f"앞으로 제때 보낼 발송은 {returned.waiting}건입니다."
    if returned.expired or returned.unknown:
        lines = [
            f"  보낼 때가 지난 발송 {returned.expired}건은 이미 나갔을 수 있어 보내지 않습니다. "
            f"보내던 중이라 도착을 알 수 없는 발송은 {returned.unknown}건, {waiting}"
        ]
    else:
        lines = [f"  보낼 때가 지난 발송은 없습니다. {waiting}"]
    if returned.missed:
        lines.append(
            f"  때가 지난 알림 {len(returned.missed)}건도 보내지 않습니다. 받지 못한 사람이 있을 수 있으니 필요하면 직접 알려 주십시오."
        )
        lines += [f"    {_reminder(one, zone)}" for one in returned.missed[:_MOST]]
        lines += _and_more(len(returned.missed))
    return lines


def _reminder(reminder: Reminder, zone: ZoneInfo) -> str:
    due = written_when(reminder.due.astimezone(zone))
    what = "하루 전 안내" if reminder.lead_minutes is None else f"{reminder.lead_minutes}분 전 알림"
    return f"{reminder.region} {due} {what}"


def _digests(again: Sequence[RegionDay]) -> list[str]:
    if not again:
        return []
    days = [f"    {one.region} {written_date(one.day)}" for one in again[:_MOST]]
    return [
        "  다음 권역의 보고는 봇을 실행하면 나갑니다. 백업 뒤에 이미 받은 간부에게는 두 번째이며, 내용이 다를 수 있습니다.",
        *days,
        *_and_more(len(again)),
    ]


def _ended(held: Held | None, since: Since | None) -> list[str]:
    names = (held.names if held else 0) + (since.names if since else 0)
    if held is None:
        return [
            "※ 백업 뒤에 철회한 의견, 지운 이름, 삭제를 요청한 사람, 끝낸 역할이 되살아났을 수 있습니다. 봇을 실행한 뒤 /people로 역할을 확인하고, "
            "철회를 알고 있는 의견이 있으면 작성자에게 다시 철회하도록 안내해 주십시오."
        ]
    if not held.notes and not held.people and not names:
        return ["  백업 뒤에 철회한 의견, 지운 이름, 끝낸 역할은 없습니다."]
    return [
        f"  백업 뒤에 철회한 의견 {held.notes}건, 지운 이름 {names}건과, 역할을 끝냈거나 삭제를 요청한 {held.people}명은 되살리지 않았습니다."
    ]


def _destroyed(count: int) -> list[str]:
    return [f"  보존 기간이 지난 의견 {count}건은 되돌리지 않고 파기했습니다."] if count else []


def _next(aside: Path | None) -> list[str]:
    lines = [
        "  일정 파일을 다시 `import tour` 하면 백업 뒤에 바뀐 일정의 변경 안내가 다시 나갈 수 있습니다.",
        "  다음: `python -m bot doctor`로 확인한 뒤 `python -m bot run`으로 실행해 주십시오.",
    ]
    if aside is not None:
        lines.insert(
            0,
            f"  조금 전까지의 자료는 옆에 두었습니다: {aside} (개인정보가 들어 있습니다. 확인이 끝나면 파기해 주십시오)",
        )
    return lines


def _and_more(count: int) -> list[str]:
    return [f"    … 외 {count - _MOST}건"] if count > _MOST else []
