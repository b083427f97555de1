from mjasync.core.model import Mode, Spec
from mjasync.core.operations import Imagine
from mjasync.flow.asks import Ask
from mjasync.testing import run


def test_the_likeliest_goes_first_and_before_it_whoever_has_waited_longer_than_its_cap():
    async def story():
        spec = Spec(operation=Imagine(prompt="a cat"), mode=Mode.FAST)
        usual = {"spec": spec, "known": (), "looked": 0.0, "slack": 0.0, "cap": 10.0, "joins": True, "late": False}
        asks = [
            Ask(**usual, remote_id="likely", due=19.0, odds=lambda _: 0.9),
            Ask(**usual, remote_id="unlikely", due=18.0, odds=lambda _: 0.1),
            Ask(**usual, remote_id="forgotten", due=9.0, odds=lambda _: 0.0),
            Ask(**usual, remote_id="long forgotten", due=8.0, odds=lambda _: 0.0),
        ]
        return [ask.remote_id for ask in sorted(asks, key=lambda ask: ask.urgency(20.0))]

    assert ["long forgotten", "forgotten", "likely", "unlikely"] == run(story())
