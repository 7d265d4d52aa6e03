"""How English is written for people: dates, times and spans. The twin of prompts.korean, without particles."""

from datetime import date, datetime, timedelta

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def written_date(day: date) -> str:
    """`Thu 22 Jan`: the day first and the month in letters, so that nobody reads it as another day."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def written_time(moment: datetime) -> str:
    """`09:40`, 24 hours, as on the Korean schedule beside it."""
    return f"{moment:%H:%M}"


def written_when(moment: datetime) -> str:
    """`Thu 22 Jan, 09:40`."""
    return f"{written_date(moment.date())}, {written_time(moment)}"


def written_span(span: timedelta) -> str:
    """`1 h 20 min`, `50 min`; whole minutes, rounded up as in Korean. None left: `a moment` (as in "in a moment")."""
    minutes = -(-int(span.total_seconds()) // 60)
    if minutes <= 0:
        return "a moment"
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{days} day{plural(days)}" if days else "",
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes else "",
    ]
    return " ".join(part for part in parts if part)


def plural(count: int | str) -> str:
    """The `s` after a counted noun: none after one. A count that is not told (`under 5`) is several."""
    return "" if str(count) == "1" else "s"
