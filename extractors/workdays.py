"""Working days as the State Council sets them; beyond the published years an honest "unknown"."""

from __future__ import annotations

from datetime import date, timedelta

_MAX_DAYS = 3700


def working_days(after: date, until: date) -> int | None:
    """Working days from the day after ``after`` to ``until``, both ends of that span included.

    Statutory holidays and make-up working days count as the State Council set them.

    Returns:
        The number of days, 0 if ``until`` is not after ``after``; None where the span touches a year whose
        calendar has not been published, or is longer than ten years.
    """
    import chinese_calendar

    if until <= after:
        return 0
    if (until - after).days > _MAX_DAYS:
        return None
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    try:
        return sum(1 for day in days if chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def whole_months(start: date, end: date) -> int:
    """Whole months from ``start`` to ``end``, negative if ``end`` is earlier.

    A month is whole when the same day of the month is reached, or the month's last day where it has no such
    day (31 January to 28 February is one month).
    """
    if end < start:
        return -whole_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    last_day = (end + timedelta(days=1)).day == 1
    return months if end.day >= start.day or last_day else months - 1
