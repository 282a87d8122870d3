"""What the desk and staff are told of gateways: once each, with what became of what waited and what to do."""

from datetime import timedelta

import pytest

from domain.ports import FailureKind, SendResult
from domain.sending.gateway_health import AT_LEAST, FIRST_PAUSE, PROBES
from handlers.sending import gateway_figures
from handlers.sending.gateway_alarms import tell_clock
from handlers.sending.receipts import take_sign_of_life
from handlers.sweeps.gateways import tell_failures, watch_gateways
from tests.support.two_gateways import DAY, MINUTE, SECOND, Scene
from tests.support.world import SMS, START, World
from tests.worker.fakes import failing


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


class TestAlarms:
    def test_down_and_back_are_told_once_each_with_what_became_of_what_waited(self, scene: Scene) -> None:
        scene.break_first()
        for _ in range(5):
            scene.go_on()
        for who in ("desk", "staff"):
            (told,) = scene.alarms("gateway_down", who)
            assert SMS in told
            assert str(AT_LEAST) in told
        scene.first.answer = lambda each: SendResult.accepted(f"p-{each.message_id}")
        scene.now += FIRST_PAUSE
        for n in range(PROBES):
            scene.says(100 + n, "probe")
            scene.hand_over()
        for _ in range(3):
            scene.go_on()
        assert len(scene.alarms("gateway_back")) == len(scene.alarms("gateway_down")) == 1
        assert scene.alarms("gateway_down", "chief") == []

    def test_a_day_is_told_at_four_fifths_and_when_it_is_used_up(self, scene: Scene) -> None:
        scene.set(SMS, daily_cap=10)
        told = []
        for n in range(12):
            scene.says(n, f"m{n}")
            scene.hand_over()
            scene.go_on()
            told.append((len(scene.alarms("gateway_cap_near")), len(scene.alarms("gateway_cap_reached"))))
        assert told[6] == (0, 0)
        assert told[7] == (1, 0)
        assert told[-1] == (1, 1)
        assert (len(scene.first.given), len(scene.second.given)) == (10, 2)
        scene.now += DAY
        for n in range(8):
            scene.says(n, f"tomorrow {n}")
        scene.hand_over()
        scene.go_on()
        assert len(scene.alarms("gateway_cap_near")) == 2

    def test_credit_runs_low_and_is_told_once_a_top_up(self, scene: Scene) -> None:
        scene.set(SMS, cost=0.5, low_credit=1.0)
        gateway_figures.tell_credit(scene.world.context, SMS, 2.0, scene.now, added=False)
        told = []
        for n in range(4):
            scene.says(n, f"m{n}")
            scene.go_on(SECOND)
            scene.go_on(SECOND)
            told.append(len(scene.alarms("gateway_credit_low")))
        assert told == [0, 0, 1, 1]
        gateway_figures.tell_credit(scene.world.context, SMS, 0.5, scene.now, added=True)
        scene.go_on()
        assert len(scene.alarms("gateway_credit_low")) == 2
        (figures, _) = gateway_figures.figures(scene.world.context, scene.now)
        assert (figures.name, figures.credit) == (SMS, 0.5)

    def test_a_gateway_without_credit_is_told_at_once(self, scene: Scene) -> None:
        scene.first.answer = failing(FailureKind.NO_CREDIT)
        scene.says(1, "m")
        scene.hand_over()
        for _ in range(3):
            scene.go_on()
        (told,) = scene.alarms("gateway_no_credit")
        assert f"samleng gateway credit {SMS} AMOUNT" in told

    def test_a_phone_that_goes_silent_is_told_within_minutes_and_our_own_pause_is_not(self, scene: Scene) -> None:
        scene.set(SMS, silent_after=5 * MINUTE)
        context = scene.world.context
        assert watch_gateways(context, scene.now) == 0, "one that was never heard is not missed"
        take_sign_of_life(context, SMS, scene.now)
        for _ in range(5):
            scene.go_on(MINUTE)
            assert not scene.alarms("gateway_silent")
        take_sign_of_life(context, SMS, scene.now + MINUTE)  # it was we who could not hear
        for _ in range(9):
            scene.go_on(MINUTE)
        for who in ("desk", "staff"):
            (told,) = scene.alarms("gateway_silent", who)
            assert f"{SMS} " in told
            assert "6" in told, "minutes of silence"
        assert not scene.alarms("gateway_silent", "chief")
        for _ in range(2):
            tell_clock(context, SMS, scene.now + DAY)
        assert len(scene.alarms("gateway_clock")) == 1
        take_sign_of_life(context, SMS, scene.now + 2 * timedelta(hours=1))
        scene.go_on(3 * timedelta(hours=1))
        scene.go_on(MINUTE)
        assert len(scene.alarms("gateway_silent")) == 2, "another silence is told anew"

    def test_what_failed_is_told_by_kind_each_working_morning(self, scene: Scene) -> None:
        for n, kind in enumerate([FailureKind.BAD_ADDRESS] * 3 + [FailureKind.FILTERED, FailureKind.LANDLINE]):
            scene.says(n, "m")
            scene.first.answer = failing(kind)
            scene.hand_over()
        context = scene.world.context
        assert tell_failures(context, START) == 0, "today's are told tomorrow"
        night, morning = START + timedelta(hours=20), START + DAY
        assert tell_failures(context, night) == 0
        assert tell_failures(context, morning) == 5
        assert tell_failures(context, morning + MINUTE) == 0
        (told,) = scene.alarms("failed_daily")
        assert "5 " in told
        assert "4 " in told
        assert "1 " in told
        assert tell_failures(context, morning + DAY) == 0

    def test_what_fails_before_a_weekend_is_told_after_it(self, scene: Scene) -> None:
        scene.now = friday = START + 3 * DAY
        scene.first.answer = failing(FailureKind.BAD_ADDRESS)
        scene.says(1, "m")
        scene.hand_over()
        told = [tell_failures(scene.world.context, friday + n * DAY) for n in range(6)]
        assert sum(told) == 1
        assert told[1] == told[2] == 0, "nobody works at the weekend"
