"""The service that other clients talk to; the clients themselves are an extra."""

import asyncio

import pytest

from benchmarks.peer_clients import CLIENTS, Service
from mjasync.testing import run


def test_a_task_is_over_when_its_time_has_come():
    async def story():
        service = Service()
        task = service.begin(5.0)
        told = [service.over(f"https://some.invalid/v1/{task}/status?logs=1")]
        await asyncio.sleep(5.0)
        told.append(service.over(f"https://some.invalid/v1/{task}"))
        return told, service.looks[task]

    assert ([False, True], 2) == run(story())


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_real_client_waits_for_the_end(client):
    if not client.installed():
        pytest.skip("an extra: pip install mjasync[bench]")

    async def story():
        service = Service()
        task = service.begin(40.0)
        await client.connect(service)(task)
        return asyncio.get_running_loop().time() - service.ends[task], service.looks[task]

    late, looks = run(story())

    assert 0 <= late <= 30
    assert looks >= 2
