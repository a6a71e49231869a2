import asyncio
from collections.abc import Coroutine

import pytest

from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_SECOND
from engine.sdk.pacing import Pacer
from tests.support.market import MONDAY_NS, StillWall

pytestmark = pytest.mark.unit


def minutes(count: float) -> int:
    return MONDAY_NS + int(count * NS_PER_MINUTE)


async def wait_for(pacer: Pacer, count: float) -> None:
    await pacer.until(minutes(count), from_ns=MONDAY_NS)


def finish(story: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(story, timeout=5))


def test_an_instant_comes_after_its_market_time_over_the_speed() -> None:
    wall = StillWall()
    pacer = Pacer(speed=60, sleep=wall.sleep, wall_s=wall)

    finish(wait_for(pacer, 3))

    assert wall.now_s == pytest.approx(1_003.0)


def test_time_that_the_consumer_takes_does_not_add_up() -> None:
    wall = StillWall()
    pacer = Pacer(speed=60, sleep=wall.sleep, wall_s=wall)

    async def story() -> None:
        for minute in range(1, 101):
            await wait_for(pacer, minute)
            wall.now_s += 0.7

    finish(story())

    assert wall.now_s == pytest.approx(1_100.7)


def test_after_a_long_stall_the_market_goes_on_instead_of_rushing() -> None:
    wall = StillWall()
    pacer = Pacer(speed=60, sleep=wall.sleep, wall_s=wall)
    arrived: list[float] = []

    async def story() -> None:
        await wait_for(pacer, 1)
        wall.now_s += 3_600
        for minute in (2, 3, 4):
            await wait_for(pacer, minute)
            arrived.append(wall.now_s)

    finish(story())

    assert arrived == pytest.approx([4_601.0, 4_602.0, 4_603.0])


def test_speed_zero_never_waits_but_lets_others_run() -> None:
    wall = StillWall()
    pacer = Pacer(speed=0, sleep=wall.sleep, wall_s=wall)
    turns: list[str] = []

    async def other() -> None:
        for _ in range(3):
            turns.append("other")
            await asyncio.sleep(0)

    async def feed() -> None:
        for minute in range(3):
            await wait_for(pacer, minute)
            turns.append("feed")

    async def story() -> None:
        await asyncio.gather(feed(), other())

    finish(story())

    assert wall.now_s == 1_000.0
    assert turns[:4] == ["other", "feed", "other", "feed"]


def test_a_pause_keeps_the_part_that_was_waited_for() -> None:
    wall = StillWall()
    pacer = Pacer(speed=1, sleep=wall.sleep, wall_s=wall)

    async def story() -> None:
        await wait_for(pacer, 1)
        wall.now_s += 45
        pacer.pause()
        wall.now_s += 1_000
        pacer.resume()
        await wait_for(pacer, 2)

    finish(story())

    assert wall.now_s == pytest.approx(1_000 + 60 + 45 + 1_000 + 15)


def test_nothing_comes_while_the_market_is_paused() -> None:
    wall = StillWall()
    pacer = Pacer(speed=0, sleep=wall.sleep, wall_s=wall)
    pacer.pause()
    assert pacer.is_paused

    async def story() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(wait_for(pacer, 1), timeout=0.01)
        pacer.resume()
        await wait_for(pacer, 1)

    finish(story())

    assert not pacer.is_paused


def test_a_new_speed_counts_from_the_instant_of_the_change() -> None:
    wall = StillWall()
    pacer = Pacer(speed=1, sleep=wall.sleep, wall_s=wall)

    async def story() -> None:
        await wait_for(pacer, 1)
        wall.now_s += 30
        pacer.set_speed(10)
        await wait_for(pacer, 2)

    finish(story())

    assert pacer.speed == 10
    assert wall.now_s == pytest.approx(1_000 + 60 + 30 + 3)


def test_a_change_of_speed_is_felt_in_the_middle_of_a_wait() -> None:
    wall = StillWall()

    async def hurrying_sleep(seconds: float) -> None:
        await wall.sleep(seconds)
        if wall.now_s >= 1_010:
            pacer.set_speed(0)

    pacer = Pacer(speed=1, sleep=hurrying_sleep, wall_s=wall)

    finish(wait_for(pacer, 60))

    assert wall.now_s < 1_011


def test_a_skipped_hole_takes_no_time() -> None:
    wall = StillWall()
    pacer = Pacer(speed=60, sleep=wall.sleep, wall_s=wall)

    async def story() -> None:
        await wait_for(pacer, 1)
        pacer.skip(100 * NS_PER_MINUTE)
        await wait_for(pacer, 102)

    finish(story())

    assert wall.now_s == pytest.approx(1_002.0)


def test_a_skipped_hole_counts_after_a_pause_too() -> None:
    wall = StillWall()
    pacer = Pacer(speed=60, sleep=wall.sleep, wall_s=wall)

    async def story() -> None:
        await wait_for(pacer, 1)
        pacer.pause()
        pacer.skip(100 * NS_PER_MINUTE)
        pacer.resume()
        await wait_for(pacer, 102)

    finish(story())

    assert wall.now_s == pytest.approx(1_002.0)


@pytest.mark.parametrize("speed", [-1.0, float("inf"), float("nan")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="is not a speed"):
        Pacer(speed=speed)
    pacer = Pacer(speed=1)
    with pytest.raises(ValueError, match="is not a speed"):
        pacer.set_speed(speed)
    assert pacer.speed == 1


def test_outside_of_tests_the_loop_is_the_wall_clock() -> None:
    pacer = Pacer(speed=6_000)

    async def story() -> None:
        loop = asyncio.get_running_loop()
        before_s = loop.time()
        await pacer.until(MONDAY_NS + 60 * NS_PER_SECOND, from_ns=MONDAY_NS)
        assert loop.time() - before_s >= 0.0099

    finish(story())
