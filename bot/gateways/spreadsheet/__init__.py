"""Spreadsheets as lines of texts: what a file is (told by its content), its parts within limits, its cells.

For the composition root and the commands, who hand `table_of` to whoever reads tables.
"""

from bot.gateways.spreadsheet.book import table_of

__all__ = ["table_of"]
