"""Named questions and frozen answers; the only SQL. Repositories take `now`; nothing here makes time by itself."""
