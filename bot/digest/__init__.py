"""The digest's pipeline, one file a stage, in the order the notes travel.

`meaning → redact → group → write → check → ledger → as_json, as_chat`, put together by `pipeline`.
Functions over values: no database, no chat, no clock, no network. May import prompts and bot.domain;
services and the composition root import it.
"""
