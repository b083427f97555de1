import pytest


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, "prompt is None"),
        ({"prompt": "\n "}, "prompt is '\\n '"),
        ({"prompt": 5}, "prompt is 5"),
        ({"prompt": "a", "mode": "slow"}, "mode 'slow'"),
        ({"prompt": "a", "mode": 1}, "mode is 1 instead of a str"),
        ({"prompt": "a", "timeout": "300"}, "timeout is '300' instead of a int"),
        ({"prompt": "a", "timeout": True}, "timeout is True instead of a int"),
        ({"prompt": "a", "timeout": 299}, "timeout 299 in mode fast instead of 300-1200"),
        ({"prompt": "a", "timeout": 1201}, "timeout 1201 in mode fast instead of 300-1200"),
        ({"prompt": "a", "timeout": 599, "mode": "relax"}, "timeout 599 in mode relax instead of 600-1200"),
        ({"prompt": "a", "getUImages": "true"}, "getUImages is 'true' instead of a bool"),
        ({"prompt": "a", "translation": 1}, "translation is 1 instead of a bool"),
        ({"prompt": "a", "hookUrl": None}, "hookUrl is None instead of a str"),
    ],
)
def test_what_the_seed_does_not_allow_is_refused_and_recorded(stage, data, wrong):
    reply = stage.tt("imagine", **data)
    assert (reply.status, reply.json["status"]) == (400, "FAILED")
    assert [(v.provider, v.endpoint, v.what) for v in stage.ledger.violations] == [("ttapi", "imagine", wrong)]
    assert stage.ledger.accepted == 0


@pytest.mark.parametrize(("mode", "timeout"), [("fast", 300), ("turbo", 1200), ("relax", 600)])
def test_modes_and_timeouts_of_the_seed(stage, mode, timeout):
    assert stage.tt("imagine", prompt="a", mode=mode, timeout=timeout).status == 200
    assert stage.ledger.jobs[0].mode == mode


def test_model_is_ignored_and_recorded(stage):
    assert stage.tt("imagine", prompt="a", model="relax").status == 200
    assert stage.ledger.jobs[0].mode == "fast"
    assert [v.what for v in stage.ledger.violations] == ["unknown field 'model'"]


def test_long_values_are_shortened_in_the_books(stage):
    stage.tt("describe", base64="data:image/png;base64," + "A" * 5000)
    [wrong] = stage.violations()
    assert wrong.startswith("base64 holds 'data:image/png;base64,AAAA")
    assert wrong.endswith("… (5024 characters), no picture as a data URI")


@pytest.mark.parametrize("name", ["seed", "blend", "describe", "inpaint", "promptCheck"])
def test_every_command_records_what_its_table_does_not_have(stage, name):
    stage.tt(name, state="mine")
    assert "unknown field 'state'" in stage.violations()


@pytest.mark.parametrize(("seconds", "status"), [(1, 200), (0, 400), (-5, 400), (5000, 200)])
def test_only_imagine_has_a_range_of_seconds(stage, seconds, status):
    assert stage.tt("describe", url="https://x.example/a.png", timeout=seconds).status == status
    assert stage.violations() == ([] if status == 200 else [f"timeout {seconds} in mode fast instead of 1 or more"])


def test_in_docs_2026_every_command_has_imagines_range(in_profile):
    stage = in_profile("docs-2026")
    parent = stage.done("ttapi")
    assert stage.tt("describe", url="https://x.example/a.png", mode="relax", timeout=300).status == 400
    assert stage.tt("action", jobId=parent, action="upsample1", timeout=60).status == 400
    assert stage.violations() == [
        "timeout 300 in mode relax instead of 600-1200",
        "timeout 60 in mode fast instead of 300-1200",
    ]
