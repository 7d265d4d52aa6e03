"""One lane: a Telegram, a database, and one life of the bot after the other, until enough were killed and enough was sent."""

import random
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from tests.faults.bot_process import Ended, Nursery, Running
from tests.faults.home import Home
from tests.faults.judge import Case, judge
from tests.faults.ledger import read_ledger
from tests.faults.living import LOOKS, Lives
from tests.faults.memory import Memory
from tests.faults.outcome import Aim, Outcome, figures_of
from tests.faults.plan import Fate, Fates, Trial
from tests.faults.points import KNOWN_POINTS, points_of
from tests.faults.prepare import tour_file
from tests.faults.stage import SEOUL, Setting
from tests.faults.telegram_process import TelegramProcess
from tests.faults.trials import begin_trouble, import_beside, prepare_beside
from tests.faults.values import Deadly, Death, Ending, Life

START = "2026-01-21T18:00:00+09:00"
FIRST_DAY = date(2026, 1, 22)
DAYS = 30
MAY_END = frozenset({Trial.REVOKED, Trial.FULL, Trial.STOP, Trial.LOCK})
"""Where a bot that is just starting may say what is wrong and end with 1: whoever runs it starts it again."""
_POINT_WITHIN = 60.0
_CALM = {"strikes": 0.0, "wild": False, "sends": 10**6}


class Lane:
    """Runs once."""

    def __init__(self, aim: Aim, home: Home, folder: Path, nursery: Nursery) -> None:
        self._aim = aim
        self._home = home
        self._folder = folder
        self._nursery = nursery
        self._memory = Memory()
        self._later = 0
        self._trial = Trial.NOTHING
        self._beside: list[subprocess.Popen[bytes]] = []
        self.outcome = Outcome(aim.name, home.kind)

    def run(self) -> Outcome:
        began = time.monotonic()
        setting = Setting(str(self._folder / "ledger.jsonl"), START, self._aim.seed, staff=42, guests=60)
        with TelegramProcess(setting, self._folder / "telegram.log") as self._telegram:
            self._lives = Lives(self._aim, self._home, self._folder, self._nursery, self._telegram)
            try:
                self._suffer()
            finally:
                state = self._telegram.order("state")
                for beside in self._beside:
                    beside.wait(60)
        self._verdict(state)
        self.outcome.real_seconds = time.monotonic() - began
        return self.outcome

    # -- the course of things

    def _suffer(self) -> None:
        self._die_in_migration()
        self._gather()
        offered = frozenset(Trial) - self._home.cannot
        points = points_of(self._home.kind, webhook=self._aim.webhook)
        sends = max(10, self._aim.sends // max(1, self._aim.kills))
        fates = Fates(random.Random(self._aim.seed), points, offered, self._aim.gentle, sends)
        while self.outcome.kills < self._aim.kills or self._telegram.order("state")["sent"] < self._aim.sends:
            self._live(fates)
            if self._lives.count % self._aim.checks == 0:
                self._check()
        self._check()

    def _die_in_migration(self) -> None:
        """The first lives die on the way to a schema, each a little later."""
        for point in KNOWN_POINTS:
            if point.startswith("migration:"):
                life, running = self._lives.begin(Deadly(point))
                self._end(life, running.wait(60.0))

    def _gather(self) -> None:
        """Tour, people and their roles: while nothing goes wrong."""
        tour = self._folder / "tour.csv"
        tour.write_text(tour_file(FIRST_DAY, DAYS), encoding="utf-8")
        cast = self._telegram.order("cast")
        roles: dict[str, tuple[str, str | None]] = {str(user): ("admin", None) for user in cast["admins"]}
        for role, users in (("staff", cast["staff"]), ("manager", cast["managers"])):
            roles |= {str(user): (role, cast["regions"][str(user)]) for user in users}
        self._leavers = cast["staff"][-7:]
        told = prepare_beside({"tour": str(tour), "roles": roles}, self._lives.environment())
        life, running = self._lives.begin(None)
        self._lives.until_following(running)
        self._telegram.order("join", payloads=told["payloads"], leavers=self._leavers)
        self._telegram.order("codes", codes=told["codes"])
        self._end(life, *self._lives.terminate(running))
        self._lives.gathered = True
        self._staff = frozenset(cast["staff"]) - frozenset(self._leavers)
        self._stayed = {
            int(user): cast["regions"][str(user)]
            for user in (*cast["staff"], *cast["managers"])
            if user not in self._leavers
        }

    def _live(self, fates: Fates) -> None:
        fate = fates.next()
        self._trial = fate.trial
        self.outcome.trials[fate.trial] += 1
        if fate.trial in (Trial.LATER, Trial.EARLIER):
            self._telegram.order("jump", seconds=fate.trial_seconds)
        if fate.scene is not None:
            self._telegram.order("jump", seconds=self._until(fate.scene))
        shift = fate.trial_seconds if fate.trial is Trial.WRONG_CLOCK else 0.0
        life, running = self._lives.begin(fate.deadly, shift=shift, fresh=fate.trial is Trial.FRESH)
        ended = self._lives.until_following(running)
        if ended is None:
            going = {"seconds": fate.seconds, "chunk": fate.chunk, "acts": fate.acts, "sends": fate.sends}
            hangs = fate.trial is Trial.HANGS
            self._telegram.order("go", **going, strikes=fate.strikes, hangs=hangs, wild=True)
            ended = self._until_dead(running, fate)
        if ended is None and fate.terminated:
            death = self._end(life, *self._lives.terminate(running))
        else:
            if ended is None:
                running.kill()
                ended = running.wait(60.0)
            death = self._end(life, ended)
        if death.point is not None:
            fates.died(death.point)

    def _until_dead(self, running: Running, fate: Fate) -> Ended | None:
        """Waits for the deadly point; None when the time to kill (or to ask) has come first."""
        trouble = begin_trouble(fate, self._home, self._telegram, self._bring_in)
        sudden = fate.deadly is None or fate.terminated
        patience = time.monotonic() + (fate.after if sudden else _POINT_WITHIN)
        try:
            while time.monotonic() < patience:
                trouble.look()
                if (ended := running.wait(LOOKS)) is not None:
                    return ended
                if not self._telegram.order("state")["going"]:
                    return None
            return None
        finally:
            trouble.end()

    def _check(self) -> None:
        """Eleven minutes without faults: then all that was due before must have ended, and the database be sound."""
        self._trial = Trial.NOTHING
        life, running = self._lives.begin(None)
        if (ended := self._lives.until_following(running)) is not None:
            self._end(life, ended)
            return
        before = self._now()
        for going in (
            {"seconds": 60, "chunk": 1.2, "acts": 6 if self._aim.gentle else 25},
            {"seconds": 600, "chunk": 30, "acts": 0},
        ):
            self._telegram.order("go", **going, **_CALM)
            self._lives.until_still(running)
        self._end(life, *self._lives.terminate(running))
        self.outcome.wrong += self._memory.overdue(before)
        self.outcome.wrong += [f"database: {words}" for words in self._home.sound()]
        self.outcome.figures["checks"] += 1

    def _verdict(self, state: Mapping[str, object]) -> None:
        if state["stuck"]:
            self.outcome.wrong.append("the bot was not done with one moment for more than a minute")
        case = Case(
            lines=list(read_ledger(self._folder / "ledger.jsonl")),
            rows=self._memory.rows,
            last=replace(self._home.seen(), seen_updates=frozenset(self._memory.updates)),
            deaths=self.outcome.deaths,
            reminders=self._home.reminders(),
            stayed=self._stayed,
            staff=self._staff,
            ids=self._home.people(),
            logs=sorted(self._folder.glob("life-*.log")),
        )
        self.outcome.wrong += judge(case)
        self.outcome.figures.update(figures_of(case))

    def _end(self, life: Life, ended: Ended | None, terminated: float | None = None) -> Death:
        """Telegram comes to rest, and what the bot left is looked at. `terminated`: real seconds since SIGTERM."""
        self._telegram.order("halt")
        seen = self._home.seen()
        sending = frozenset(row.id for row in seen.deliveries if row.state == "sending")
        self._memory.look(seen)
        if ended is None:
            raise RuntimeError("a life does not end")
        ending = ended.ending
        refused = ended.code == 1 and self._trial in MAY_END  # it was ending by itself when it was asked to
        if terminated is not None and ended.at_point is None and not refused:
            ending = Ending.TERMINATED
        if ending is Ending.BY_ITSELF and (self._trial not in MAY_END or ended.code != 1):
            self.outcome.wrong.append(
                f"life {life.number} ({self._trial}): ended by itself with {ended.code}"
            )
        if refused and ending is Ending.TERMINATED:
            ending = Ending.BY_ITSELF
        death = Death(life.number, ending, ended.at_point, sending, ended.code, terminated or 0.0)
        self.outcome.deaths.append(death)
        print(life.number, self._trial, ending, death.point or "", len(sending), file=sys.stderr, flush=True)
        return death

    def _now(self) -> datetime:
        return datetime.fromisoformat(self._telegram.order("state")["now"])

    def _until(self, clock: clock_time) -> float:
        """Seconds to the next such time of the day."""
        now = self._now().astimezone(SEOUL)
        then = datetime.combine(now.date(), clock, tzinfo=SEOUL)
        return ((then - now) % timedelta(days=1)).total_seconds()

    def _bring_in(self) -> None:
        """A changed schedule, at the console beside the bot."""
        self._later = (self._later + 10) % 60
        tour = self._folder / "tour.csv"
        tour.write_text(tour_file(FIRST_DAY, DAYS, later=self._later), encoding="utf-8")
        self._beside.append(import_beside(tour, self._lives.environment()))
