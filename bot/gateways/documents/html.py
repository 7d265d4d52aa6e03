"""A report as one HTML file: no script, nothing fetched, readable in any browser, ready to print or forward."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.digest.report import Chart, Report
from bot.gateways.documents.chart import svg_of

_PAGES = Environment(
    loader=PackageLoader("bot.gateways.documents", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html_of(report: Report) -> bytes:
    """UTF-8. Everything is escaped here; charts escape what they say themselves."""
    return _PAGES.get_template("digest.html").render(report=report, drawn=_drawn).encode()


def _drawn(chart: Chart, name: str) -> Markup:
    return Markup(svg_of(chart, name, inline=True))  # noqa: S704 (its words are escaped)
