"""Faults of the disk under a pool: what cannot be written down does not leave, and is said."""

import asyncio
import os
import shutil

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import PROVIDERS


def delete(path):
    path.unlink()


def replace(path):
    shutil.copy(path, path.with_suffix(".copy"))
    os.replace(path.with_suffix(".copy"), path)


def move(path):
    path.rename(path.with_suffix(".old"))


async def taken_away(pool, path, harm):
    """One job before and one after the file is gone; the second one's error."""
    first = await pool.imagine("a cat")
    harm(path)
    job = pool.imagine("a dog")
    with pytest.raises(mj.JournalError) as caught:
        await job
    assert (await pool.job(first.job_id)).images, "what is known stays known"
    await asyncio.sleep(0)
    return caught.value


@pytest.mark.fault("D01", "D07")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("harm", [delete, replace, move])
def test_a_journal_that_is_taken_away_stops_what_was_not_sent(provider, harm, tmp_path, caplog):
    path = tmp_path / "jobs.db"

    async def story():
        sim = Sim(seed=1)
        pool = mj.Pool(getattr(sim, provider)(), journal=path)
        await pool.__aenter__()
        error = await taken_away(pool, path, harm)
        assert 0 == pool.stats().accounts[provider].held
        await pool.aclose()
        return error, sim.ledger.charged

    error, charged = run(story())

    assert (1, "no") == (charged, error.charged)
    assert error.hint
    assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]


@pytest.mark.fault("D07")
def test_a_pool_whose_journal_is_gone_can_be_left(tmp_path):
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi(), journal=tmp_path / "jobs.db") as pool:
            await taken_away(pool, tmp_path / "jobs.db", delete)

    run(story())
