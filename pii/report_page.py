"""The report for people: one page in both languages to read, print and file."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pii.kinds import Sensitivity, facts
from pii.reasons import reason_words
from pii.report import DISCLOSURES, SENSITIVITIES, TREATMENTS, RedactionReport
from records.beijing import to_the_minute

SHOWN = 2000


def report_page(report: RedactionReport) -> str:
    """The report as a page that needs nothing else: no script, no picture, nothing fetched."""
    made_at = report.circumstances.made_at
    sensitive = sum(n for k, n in report.counts.items() if k.sensitivity is Sensitivity.SENSITIVE)
    return _template().render(
        report=report,
        made_at=to_the_minute(made_at) if made_at else "",
        total=sum(report.counts.values()),
        sensitive=sensitive,
        lines=report.lines[:SHOWN],
        rest=max(0, len(report.lines) - SHOWN),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        facts=facts,
        sensitivities=SENSITIVITIES,
        disclosures=DISCLOSURES,
        treatments=TREATMENTS,
        reason_words=reason_words,
    )
    return environment.get_template("report.html")
