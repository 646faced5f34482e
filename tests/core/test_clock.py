import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from shop.core import clock

FRIDAY = datetime(2026, 11, 27, 0, 1, tzinfo=UTC)


def test_the_clock_goes_by_itself() -> None:
    before, now, after = time.time(), clock.now().timestamp(), time.time()

    assert before <= now <= after
    assert not clock.is_set()


def test_the_clock_stands_inside_the_block_and_blocks_nest() -> None:
    with clock.at(FRIDAY):
        assert clock.now() == FRIDAY
        assert clock.is_set()
        with clock.at(FRIDAY + timedelta(days=1)):
            assert clock.now() == FRIDAY + timedelta(days=1)
        assert clock.now() == FRIDAY

    assert clock.now() != FRIDAY


def test_the_clock_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), clock.at(FRIDAY):
        raise KeyError

    assert not clock.is_set()


def test_another_thread_keeps_its_own_time() -> None:
    seen: list[datetime] = []

    with clock.at(FRIDAY):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()

    assert seen[0] != FRIDAY


def test_every_moment_is_told_in_utc() -> None:
    berlin = timezone(timedelta(hours=1))

    with clock.at(FRIDAY.astimezone(berlin)) as moment:
        assert moment.tzinfo is UTC
        assert clock.now() == FRIDAY


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 11, 27)):
        pass
