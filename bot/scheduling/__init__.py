"""The clock's edge: a table of ticks. Rows decide what is due; a tick only asks."""
