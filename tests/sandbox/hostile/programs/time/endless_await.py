# /// hostile
# verdicts = ["time_limit", "runtime_error"]
# danger = "A coroutine that awaits a future nobody completes."
# ///
import asyncio


async def f(x):
    await asyncio.get_running_loop().create_future()
    return x + 1
