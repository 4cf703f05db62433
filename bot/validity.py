"""When a section's words apply, and who decided them, as sentences."""

from __future__ import annotations

from bot.library import Decision, Period, SectionStatus
from bot.texts import Texts


class ValidityWords:
    """Says days and decisions in one language."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def valid(self, status: SectionStatus) -> str | None:
        """The days on which a section applies; ``None`` where it has none."""
        if status.period is None:
            return None
        if status.state != "in_force":
            return self._texts(f"valid.{status.state}", **self._days(status))
        start, end = status.period.start, status.period.end
        if start and end:
            return self._texts("valid.between", period=self.period(status.period))
        if start:
            return self._texts("valid.since", start=self._texts.date(start))
        return self._texts("valid.until", end=self._texts.date(end)) if end else None

    def notice(self, status: SectionStatus) -> str | None:
        """What must be read before a section's words; ``None`` where they are in force."""
        return (
            None
            if status.state == "in_force"
            else self._texts(f"notice.{status.state}", **self._days(status))
        )

    def decided(self, decision: Decision | None) -> str | None:
        """Who decided a document, when and under which paragraph, as far as known."""
        if decision is None:
            return None
        said = [
            self._texts("decided.by", by=decision.by) if decision.by else "",
            self._texts("decided.date", date=self._texts.date(decision.date)) if decision.date else "",
            self._texts("decided.paragraph", paragraph=decision.paragraph) if decision.paragraph else "",
        ]
        return self._texts("decided.sentence", said="".join(said))

    def period(self, period: Period) -> str:
        """ "2020–2023" for whole years, else the days; a side that is open is said in words."""
        start, end = period.start, period.end
        if start and end and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
            return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
        if start and end:
            return f"{self._texts.date(start)} – {self._texts.date(end)}"
        if start:
            return self._texts("period.since", start=self._texts.date(start))
        return self._texts("period.until", end=self._texts.date(end)) if end else self._texts("period.open")

    def _days(self, status: SectionStatus) -> dict[str, str]:
        period = status.period or Period(None, None)
        if status.state == "ended" and status.continued:
            period = Period(period.start, status.continued.end)
        return {
            "period": self.period(period),
            "start": self._texts.date(period.start) if period.start else "",
            "end": self._texts.date(period.end) if period.end else "",
            "continued": self.period(status.continued or Period(None, None)),
            "document": status.continued_by or "",
        }
