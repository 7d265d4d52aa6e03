"""Tables that people bring (schedules, notes) as values: text to rows, rows to cells. Standard library only.

Whatever stands in a file, reading it ends in values and in refused lines with a reason, never in an exception.
`bot.domain.reading` is the door; only it imports from here.
"""
