"""`save_sheet` over a real pool: outcomes, jobs and results, and what failed, on one page."""

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.journeys.flawed import changed, flawed


def told(script, **options):
    """Run `script(pool)` over a simulated provider."""

    async def story():
        async with mj.Pool(Sim(seed=4, **options).ttapi()) as pool:
            return await script(pool)

    return run(story())


def files(folder):
    return sorted(path.suffix for path in folder.iterdir())


def test_a_batch_with_steps(tmp_path):
    async def script(pool):
        outcomes = await pool.batch(["a cat", "a gore cat"], then=lambda result: result.upscale(2))
        return outcomes, await mj.save_sheet(tmp_path / "new" / "out", outcomes, title="Cats")

    outcomes, path = told(script)
    sheet = mj.read_sheet(path)

    assert tmp_path / "new" / "out" / "index.html" == path
    assert "Cats" == sheet.title
    assert {"prompts": 2, "pictures": 2, "failed": 1} == sheet.summary
    assert [("a cat", True), ("a gore cat", False)] == [(card.prompt, card.ok) for card in sheet.cards]
    assert ["imagine", "upscale2"] == [each.step for each in sheet.cards[0].pictures]
    assert () == sheet.cards[1].pictures
    assert sheet.cards[1].trouble.startswith("PromptRejected: ")
    assert [job.id for job in outcomes[0].jobs] == [each.job_id for each in sheet.pictures]
    for each in sheet.pictures:
        inside = mj.read_metadata(path.parent / each.file)
        assert (each.job_id, each.prompt, each.lineage) == (inside.job_id, inside.prompt, inside.lineage)
    assert [".html", ".json", ".json", ".png", ".png"] == files(path.parent)


def test_again_nothing_is_saved_twice(tmp_path):
    async def script(pool):
        result = await pool.imagine("a cat")
        first = await mj.save_sheet(tmp_path, [result])
        before = {each: each.stat().st_mtime_ns for each in tmp_path.glob("*.png")}
        again = await mj.save_sheet(str(tmp_path), result)
        return first, again, before

    first, again, before = told(script)
    assert first == again
    assert before == {each: each.stat().st_mtime_ns for each in tmp_path.glob("*.png")}
    assert [".html", ".json", ".png"] == files(tmp_path)


def test_jobs_that_still_run_are_waited_for(tmp_path):
    async def script(pool):
        cat = pool.imagine("a cat")
        path = await mj.save_sheet(tmp_path, [cat, cat.upscale(1), pool.imagine("a dog"), cat])
        return path, cat.done

    path, done = told(script)
    assert done
    assert [("a cat", 2), ("a dog", 1)] == [(card.prompt, len(card.pictures)) for card in mj.read_sheet(path).cards]


def test_a_page_that_is_not_ours_stays(tmp_path):
    (tmp_path / "index.html").write_text("mine")

    async def script(pool):
        return await mj.save_sheet(tmp_path, [await pool.imagine("a cat")])

    assert tmp_path / "index-2.html" == told(script)
    assert "mine" == (tmp_path / "index.html").read_text()


def test_without_facts_in_the_pictures(tmp_path):
    async def script(pool):
        result = await pool.imagine("a cat")
        path = await mj.save_sheet(tmp_path, [result], metadata=False)
        return path, await result.save(tmp_path / "own.png")

    path, own = told(script)
    (shown,) = mj.read_sheet(path).pictures
    assert own.read_bytes() == (tmp_path / shown.file).read_bytes()
    assert None is mj.read_metadata(own)


def test_a_failed_parent_is_told_once_and_by_its_own_name(tmp_path):
    async def script(pool):
        cat = pool.imagine("a gore cat")
        return await mj.save_sheet(tmp_path, [cat, cat.upscale(1), cat.upscale(2)])

    (card,) = mj.read_sheet(told(script)).cards
    assert 1 == card.trouble.count("PromptRejected")
    assert "ParentFailed" not in card.trouble


def test_texts_have_a_card(tmp_path):
    """Also where a relay shows a picture beside them."""

    async def story():
        account, _ = flawed(
            Sim(seed=4).mjproxy(), fetch=changed(lambda task: task.update(imageUrl="https://x.example/"))
        )
        async with mj.Pool(account) as pool:
            result = await pool.shorten("a very very small cat")
            return result.texts, await mj.save_sheet(tmp_path, [result])

    texts, path = run(story())
    (card,) = mj.read_sheet(path).cards
    assert texts
    assert (texts, (), True) == (card.texts, card.pictures, card.ok)


def test_a_seed_adds_nothing_to_the_card_of_its_picture(tmp_path):
    async def script(pool):
        result = await pool.imagine("a cat")
        return await mj.save_sheet(tmp_path, [result, result.get_seed()])

    (card,) = mj.read_sheet(told(script)).cards
    assert (1, (), "") == (len(card.pictures), card.texts, card.trouble)


def test_a_prompt_that_is_hostile(tmp_path):
    prompt = '"><script>alert(1)</script> ../../x {{facts}}'

    async def script(pool):
        return await mj.save_sheet(tmp_path, [pool.imagine(prompt)], title=prompt)

    path = told(script)
    assert 2 == path.read_text().count("<script")
    assert prompt == mj.read_sheet(path).title
    assert [".html", ".json", ".png"] == files(tmp_path)


def test_nothing_to_show(tmp_path):
    sheet = mj.read_sheet(told(lambda pool: mj.save_sheet(tmp_path, [])))
    assert ((), {"prompts": 0, "pictures": 0, "failed": 0}) == (sheet.cards, sheet.summary)


@pytest.mark.parametrize("thing", ["a cat", None, 7])
def test_other_work_is_refused_before_anything_is_made(tmp_path, thing):
    with pytest.raises(mj.ConfigError, match="outcomes, jobs and results"):
        told(lambda pool: mj.save_sheet(tmp_path / "new", [thing]))
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["file", "file/below", "nul\0", "x" * 300])
def test_a_folder_that_cannot_be(tmp_path, name):
    (tmp_path / "file").write_text("")
    with pytest.raises(mj.ConfigError, match="cannot be written") as met:
        told(lambda pool: mj.save_sheet(tmp_path / name, []))
    assert met.value.hint


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    from mjasync.sheet import page

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page.files, "replace", full)
    with pytest.raises(mj.MJError, match="could not be written") as met:
        told(lambda pool: mj.save_sheet(tmp_path, []))
    assert "No space left on device" == met.value.why
