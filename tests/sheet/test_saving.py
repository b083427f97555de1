"""Files are whole or not there, and never over something else."""

import json

import pytest

from mjasync import ImageURL, MJError, Mode, Step, Ticket
from mjasync.sheet import saving

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x01\x55"
TICKET = Ticket("ttapi", "../../remote")


class Done:
    """What `save` asks of a result."""

    job_id = "00112233aabbccdd"
    prompt = "a cat"
    mode = Mode.FAST
    quota = 3
    seed = None
    ticket = TICKET
    seconds = 1.23456
    image = ImageURL("https://cdn.example/x.png")

    def __init__(self, action=None, fault=None):
        parent = (Step("ff", None, TICKET),) if action else ()
        self.lineage = (*parent, Step(self.job_id, action, TICKET))
        self._fault = fault

    async def save(self, path):
        if self._fault:
            raise self._fault
        path = path.with_name(f"{path.name}.png")
        path.write_bytes(PNG)
        return path


@pytest.fixture
def run():
    import asyncio

    return asyncio.run


def save(folder, result, prompt="a cat"):
    return saving.save(folder, 7, prompt, result, simulated=True)


def test_a_picture_and_its_facts(tmp_path, run):
    picture = run(save(tmp_path, Done("upscale2"), "a cat / ../ --ar 3:2"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "0007-a-cat-aabbccdd-upscale2.json",
        "0007-a-cat-aabbccdd-upscale2.png",
    ]
    told = json.loads((tmp_path / "0007-a-cat-aabbccdd-upscale2.json").read_text())
    assert told == saving.sidecar(picture) | {"size": [512, 341], "lineage": list(picture.lineage)}
    assert told["lineage"] == [
        {"job_id": "ff", "step": "imagine", "ticket": str(TICKET)},
        {"job_id": Done.job_id, "step": "upscale2", "ticket": str(TICKET)},
    ]
    assert (told["prompt"], told["mode"], told["account"]) == ("a cat / ../ --ar 3:2", "fast", "ttapi")
    assert (told["seconds"], told["quota"], told["simulated"]) == (1.235, 3, True)


def test_nothing_is_overwritten(tmp_path, run):
    (tmp_path / "0007-a-cat-aabbccdd-grid.webp").write_text("mine")
    (tmp_path / "0007-a-cat-aabbccdd-grid-2.json").write_text("mine too")
    assert run(save(tmp_path, Done())).file == "0007-a-cat-aabbccdd-grid-3.png"


@pytest.mark.fault("D13")
def test_a_full_disk_is_told(tmp_path, run):
    with pytest.raises(MJError) as met:
        run(save(tmp_path, Done(fault=OSError(28, "No space left on device"))))
    assert "No space left on device" in str(met.value)
    assert "https://cdn.example/x.png" in met.value.hint
    assert met.value.charged == "yes"
