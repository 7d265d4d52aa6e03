"""The digest's pipeline, one file a stage, in the order the notes travel.

`meaning → redact → group → write → check → ledger → as_json, as_chat`, put together by `pipeline`; `model_*` put a
language model (`ports`) in the writer's place. Functions over values: no database, no chat, no clock, no network but what the
port's other side does. May import prompts and bot.domain;
services and the composition root import it.
"""
