import numpy as np
import pytest

from connectors.demo_market.shape import MINUTES, crash_of, shape_of

pytestmark = pytest.mark.unit

DAYS = range(20_458, 20_508)


@pytest.mark.parametrize("seed", [0, 7])
def test_a_crash_falls_fast_recovers_in_part_and_ends_within_its_day(seed: int) -> None:
    for day in DAYS:
        crash = crash_of(seed, day)
        assert 3 <= crash.falling <= 6
        assert 30 <= crash.recovering <= 60
        assert 0.085 <= crash.drop <= 0.125
        assert 0.5 <= crash.recovered <= 0.75
        assert crash.minute >= 120
        assert crash.minute + crash.falling + crash.recovering < MINUTES


def test_crashes_come_at_another_minute_each_day() -> None:
    assert len({crash_of(7, day).minute for day in DAYS}) > 40


def test_activity_is_highest_in_the_crash() -> None:
    shape = shape_of(7, DAYS[0], with_crash=True)

    assert int(np.argmax(shape.activity)) in range(shape.crash.minute, shape.crash.minute + shape.crash.falling)


def test_without_a_crash_only_the_hour_shapes_activity() -> None:
    shape = shape_of(7, DAYS[0], with_crash=False)

    assert shape.activity.max() == 1.5
    assert (shape.activity.reshape(24, 60) == shape.activity.reshape(24, 60)[:, :1]).all()


def test_noise_is_calm_beside_a_burst() -> None:
    shape = shape_of(7, DAYS[0], with_crash=False)

    assert set(shape.calm) == {0.35, 1.0}
    assert 10 * 3 <= (shape.calm == 0.35).sum() <= 16 * 6
