"""`digest`: a region's day, composed now; what the console reads is audited."""

import json
from datetime import date

from bot.commands.desk import Failed, desk
from bot.digest.as_json import to_json
from bot.digest.ledger import Unbalanced
from bot.digest.report import FileForm
from bot.domain.access_log import Why, region_day
from bot.domain.ids import Region
from bot.gateways.documents.writing import written
from bot.services.digests import digest_of
from bot.services.publishing import Publishing
from bot.settings import Settings
from storage.repositories.audit import AuditEntry


async def digest(settings: Settings, region: str, day: date, *, form: str, publish: bool) -> str | bytes:
    """The digest of a region's day as JSON (the operator's full form), or for people as text or a file."""
    async with desk(settings) as at:
        async with at.database.open_unit(read_only=True) as unit:
            subject = await at.services.digests.subject(unit, Region(region), day)
        try:
            if publish:
                publishing = Publishing(at.database.open_unit, at.services.digests, at.clock)
                stored = await publishing.publish(subject)
            else:
                stored = await at.services.digests.look(at.database.open_unit, subject, now=at.clock.now())
        except Unbalanced:
            raise Failed(
                "의견의 수가 맞지 않아 보고를 만들지 않았습니다. 의견은 그대로 보관되어 있습니다."
            ) from None
        async with at.database.open_unit() as unit:
            entry = AuditEntry(
                at.clock.now(),
                None,
                "digest_read",
                stored.id,
                {"form": form, "revision": stored.revision, "day": day.isoformat()},
                region_day(stored.region, stored.day),
                Why.OPERATION,
            )
            await unit.audit.record(entry)
            await unit.commit()
        if form == "json":
            return json.dumps(to_json(digest_of(stored)), ensure_ascii=False, indent=2)
        view, now = at.services.digest_view, at.clock.now()
        if form == "text":
            return view.whole_text(stored, now=now)
        report = view.report(stored, now=now)
    made = written(report, FileForm(form))
    return made.decode() if form == FileForm.HTML else made
