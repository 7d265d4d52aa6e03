"""The topics of a tour, as its operator writes them: what participants tap, and what proposals are measured by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.topics import TopicChanges, TopicsInUse, compare_topics
from bot.domain.tour import Tour
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

CHANGED = "topics_changed"


class WhichTour(Refusal):
    """There is no tour, or several and none was named."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            "topics.which_tour" if names else "topics.no_tour", {"names": ", ".join(names)} if names else {}
        )


@dataclass(frozen=True, slots=True)
class Brought:
    """What a topic file did (or, dry, would do). `used`: how many notes chose each of the topics that went."""

    tour: Tour
    changes: TopicChanges
    used: Mapping[str, int]
    dry: bool


async def bring_topics_in(
    unit: Unit,
    topics: Sequence[Topic],
    *,
    tour_name: str | None,
    remove_used: bool,
    dry: bool,
    now: datetime,
) -> Brought:
    """Puts `topics` in the place of the tour's. Raises WhichTour, KeyChanged, TopicsInUse.

    Digests that went out stay as they are; what is not sent yet is made anew.
    """
    tour = await _tour(unit, tour_name)
    changes, used = await weighed(unit, tour, topics, remove_used=remove_used)
    if changes.anything and not dry:
        await unit.tours.keep(replace(tour, topics=tuple(topics)))
        counts = {
            "added": len(changes.added),
            "changed": len(changes.changed),
            "removed": len(changes.removed),
        }
        await unit.audit.record(AuditEntry(now, None, CHANGED, tour.id, counts))
    return Brought(tour, changes, used, dry)


async def weighed(
    unit: Unit, tour: Tour, topics: Sequence[Topic], *, remove_used: bool
) -> tuple[TopicChanges, Mapping[str, int]]:
    """What changes, and how many notes chose what goes. Raises KeyChanged, TopicsInUse."""
    changes = compare_topics(tour.topics, topics)
    counts = await unit.notes.count_by_topic(tour.id) if changes.removed else {}
    used = {topic.key: counts[topic.key] for topic in changes.removed if topic.key in counts}
    if used and not remove_used:
        titles = [topic.title for topic in changes.removed if topic.key in used]
        raise TopicsInUse(titles, sum(used.values()))
    return changes, used


async def _tour(unit: Unit, name: str | None) -> Tour:
    tours = await unit.tours.all()
    found = [tour for tour in tours if name is None or tour.name == name]
    if len(found) != 1:
        raise WhichTour([tour.name for tour in tours])
    return await unit.tours.held(found[0].id)
