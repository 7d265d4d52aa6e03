"""What a cell holds, as the text that somebody would have typed."""

from datetime import date, datetime, time, timedelta

CellValue = int | float | str | bool | time | date | datetime | timedelta

_HALF_A_SECOND = timedelta(milliseconds=500)
_DIGITS = ".15g"
"""As many as Excel keeps."""


def text_of_value(value: CellValue) -> str:
    """Whole numbers without a point, days and times as in ISO 8601. Excel counts fractions of days: seconds are rounded."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return value
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return format(value, _DIGITS)
        case datetime():
            return _rounded(value).isoformat(sep=" ")
        case date():
            return value.isoformat()
        case time():
            return _clock(
                timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) + _part(value)
            )
        case timedelta():
            return _clock(value)
    return str(value)


def _part(value: time) -> timedelta:
    return timedelta(microseconds=value.microsecond)


def _rounded(value: datetime) -> datetime:
    try:
        return (value + _HALF_A_SECOND).replace(microsecond=0)
    except OverflowError:
        return value


def _clock(span: timedelta) -> str:
    """Hours may be more than a day has: `24:00` is an end."""
    seconds = round(span.total_seconds())
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
