"""`import topics`: the topic file of a tour comes in, the lines say what became of it."""

from pathlib import Path

from bot.commands.desk import desk
from bot.commands.files import read_text
from bot.domain.digest import Topic
from bot.domain.reading import read_topics
from bot.services.topics import Brought, bring_topics_in
from bot.settings import Settings


async def import_topics(
    settings: Settings, file: Path, *, name: str | None, remove_used: bool, dry: bool
) -> list[str]:
    """Puts the file's topics in the place of the tour's; the lines say what was added, changed, removed. Raises Failed."""
    async with desk(settings) as at:
        topics = read_topics(read_text(file))
        async with at.database.open_unit() as unit:
            brought = await bring_topics_in(
                unit, topics, tour_name=name, remove_used=remove_used, dry=dry, now=at.clock.now()
            )
            if not dry:
                await unit.commit()
    return _report(brought, len(topics))


def _report(brought: Brought, count: int) -> list[str]:
    found = brought.changes
    same = count - len(found.added) - len(found.changed)
    head = (
        f"{brought.tour.name}: 주제 추가 {len(found.added)}, 변경 {len(found.changed)}, 삭제 {len(found.removed)}, "
        f"그대로 {same}"
    )
    return [
        ("[미리 보기] " if brought.dry else "") + head,
        *(f"  추가: {topic.title} ({topic.key})" for topic in found.added),
        *(f"  변경: {_change(before, after)}" for before, after in found.changed),
        *(f"  삭제: {_gone(topic, brought)}" for topic in found.removed),
        *(["  단추의 순서가 바뀝니다."] if found.moved else []),
    ]


def _change(before: Topic, after: Topic) -> str:
    title = after.title if before.title == after.title else f"{before.title} → {after.title}"
    what = []
    if before.title_en != after.title_en:
        what.append(f"영어 이름 {before.title_en or '없음'} → {after.title_en or '없음'}")
    if before.is_rest != after.is_rest:
        what.append("기타가 됨" if after.is_rest else "기타가 아니게 됨")
    if before.matters != after.matters:
        what.append(f"{_listed(before)} → {_listed(after)}")
    return f"{title} ({after.key})" + (f": {', '.join(what)}" if what else "")


def _listed(topic: Topic) -> str:
    keywords = sum(len(matter.keywords) for matter in topic.matters)
    examples = sum(len(matter.examples) for matter in topic.matters)
    return f"핵심어 {keywords}·예문 {examples}"


def _gone(topic: Topic, brought: Brought) -> str:
    used = brought.used.get(topic.key, 0)
    return f"{topic.title} ({topic.key})" + (
        f": 고른 의견 {used}건은 ‘주제 미분류’로 실립니다" if used else ""
    )
