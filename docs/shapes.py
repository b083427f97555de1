"""What `--json` prints: the fields of each document by its `type`, and what they mean. See make_cli.py.

A test runs the commands, and holds what they print against this table.
"""

_FAULT = {
    "kind": "the error's class, such as `AuthError` ([errors](errors.md))",
    "what": "what happened",
    "why": "why, as far as it is known",
    "do": "what to do about it",
    "charged": "`no`, `yes` or `unknown`",
    "retryable": "whether asking again can help",
}
_JOB = {
    "id": "our id",
    "phase": "`held`, `sending`, `queued`, `running`, `done`, `failed`, `lost`",
    "prompt": "its beginning; of a step that has none, its picture's",
    "step": "`imagine`, or what was done to a picture",
    "mode": "the mode that was asked for",
    "account": "the account's name, or its fingerprint where no key of it is set; null before it was sent",
    "ticket": "null before it was accepted",
    "asked": "when",
    "ended": "when, or null",
    "quota": "in the provider's own unit; null where it told no price",
    "late": "it ended after whoever awaited it had been told something else",
    "unknown": "nobody can say whether the provider took it",
    "decided": "a person has decided about it",
    "parent": "the job that it is a step after",
    "key": "your own request id",
    "resubmit_of": "the job of unknown fate that it was sent instead of",
}
SHAPES: dict[str, tuple[str, dict[str, str]]] = {
    "outcome": (
        "`batch`, `demo`, `imagine`: one prompt's end",
        {
            "number": "its line, or its place",
            "prompt": "as it was sent",
            "mode": "the mode that was asked for",
            "ok": "whether all of its pictures are there",
            "job": "our id",
            "ticket": "null where it was never accepted",
            "pictures": "a list: what the JSON file beside each picture has, and its `path`",
            "error": "null, or the fields of `error`",
        },
    ),
    "summary": (
        "`batch`, `demo`: the last line",
        {
            "prompts": "how many",
            "ok": "of them",
            "failed": "of them",
            "jobs": "grids and steps together",
            "seconds": "from the first request to the last end",
            "looks": "in all",
            "looks_per_job": "",
            "slot_use": "0 to 1: used while there was something to do",
            "accounts": "name → `cap`, `peak` (most at once), `done`",
            "pictures": "how many were saved",
            "out": "the folder",
            "sheet": "the contact sheet, or null",
            "simulated": "true with `--sim` and `demo`",
            "speed": "the simulator's, or null",
        },
    ),
    "error": ("any command that fails", _FAULT),
    "interrupted": (
        "a run that was interrupted: the last line",
        {
            "running": "a list of `job` and `ticket`: paid, and still running at the provider",
            "held": "how many were never sent",
            "journal": "its path, or null",
        },
    ),
    "resume": (
        "`resume`",
        {
            "journal": "its path",
            "found": "group → ids, as it was before",
            "outcomes": "a list of `outcome`",
            "ok": "how many",
            "failed": "how many",
            "unknown": "how many",
            "asleep": "never sent, and left so",
            "foreign": "ids that no key here belongs to",
            "pictures": "how many were saved",
            "seconds": "",
        },
    ),
    "jobs": (
        "`jobs`",
        {
            "journal": "its path",
            "more": "whether `--limit` left some out",
            "jobs": f"a list; each has {', '.join(f'`{name}`' for name in _JOB)}",
        },
    ),
    "job": (
        "`show`",
        {
            "journal": "its path",
            **_JOB,
            "cost": "in words",
            "offers": "what may be pressed next",
            "error": "null, or the fields of `error`",
            "story": "a list of `at`, `event`, `text`",
        },
    ),
    "ledger": (
        "`ledger`",
        {
            "journal": "its path",
            "day": "today, UTC",
            "budget": "null: a budget is a pool's",
            "left": "null, for the same reason",
            "total": "the sum of the accounts",
            "accounts": "name → what `pool.ledger()` says of it ([money](money.md))",
        },
    ),
    "reconcile": (
        "`reconcile`",
        {
            "journal": "its path",
            "job": "our id",
            "decision": "`adopt`, `declare-lost`, `resubmit`, or null",
            "phase": "the job's",
            "new_job": "the id of what was sent instead, or null",
            "ticket": "null where nobody knows",
        },
    ),
    "doctor": (
        "`doctor`",
        {
            "ok": "nothing is to be mended",
            "sim": "",
            "offline": "",
            "exit": "the exit code",
            "counts": "level → how many",
            "findings": "a list; each has `level` (`ok`, `warn`, `bad`), `name`, `what`, `why`, `do`, `facts`",
        },
    ),
    "config": (
        "`config`",
        {
            "file": "the path of `mjasync.toml`, or null",
            "settings": "a list of `name`, `value`, `source`; a key is told by its end at most",
            "accounts": "how many",
        },
    ),
    "config-path": (
        "`config path`",
        {
            "file": "where `mjasync.toml` is looked for",
            "exists": "",
            "variables": "those of ours that are set",
            "locks": "folders, the first that can be used",
        },
    ),
    "config-init": ("`config init`", {"file": "what was written"}),
}
