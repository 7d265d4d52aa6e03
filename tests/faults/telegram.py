"""Telegram, its clock and its people as a process that outlives every bot: `python -m tests.faults.telegram`.

Reads a Setting as JSON from standard input, prints its addresses as one line of JSON, and then obeys the orders that come to
`POST /harness/ORDER` until standard input closes.
"""

import asyncio
import json
import sys

from aiohttp import web

from bot.gateways.loopback import LoopbackPost
from bot.rehearsal.pushing import Pusher
from bot.rehearsal.server import create_app, serve
from tests.faults.stage import Setting, Stage

TOKEN = "5900000001:canary_token_of_the_harness"


async def main() -> None:
    """Serves until standard input ends."""
    loop = asyncio.get_running_loop()
    setting = Setting(**json.loads(await loop.run_in_executor(None, sys.stdin.readline)))
    stage = Stage(setting)
    async with LoopbackPost(answer_within=10.0) as post:
        pusher = Pusher(stage.world, post, stage.sleep_until_told)
        app = create_app(stage.world, TOKEN, stage.chaos.middleware, pusher=pusher)
        app.add_routes([*stage.alone.followers.routes(), web.post("/harness/{order}", stage.obey)])
        async with serve(app) as url:
            await _serve(stage, url)


async def _serve(stage: Stage, url: str) -> None:
    await stage.door.open(int(url.rpartition(":")[2]))
    print(json.dumps({"clock": url, "telegram": f"http://127.0.0.1:{stage.door.port}"}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    stage.people.give_up()
    await stage.alone.followers.close()
    await stage.door.close()


if __name__ == "__main__":
    asyncio.run(main())
