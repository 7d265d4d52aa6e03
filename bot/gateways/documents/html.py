"""A digest as one HTML file: no script, nothing fetched, readable in any browser, ready to print or forward."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.digest.as_html import Document

_PAGES = Environment(
    loader=PackageLoader("bot.gateways.documents", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html_of(document: Document) -> bytes:
    """UTF-8. What people wrote is escaped already, by the lines it stands in; titles are escaped here."""
    return _PAGES.get_template("digest.html").render(document=document, trusted=Markup).encode()
