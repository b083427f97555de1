"""What a seed means: a whole world, drawn before anything runs.

Rule 1: one seed, one `Random`, one plan; nothing in a plan depends on what the client does.
   Whoever changes what is drawn here gives every seed another world: the corpus has to be found anew then, by undoing
   what its lines name and looking for worlds that fail.
Rule 2: every request is told apart by its prompt or its picture, and no button of a picture is pressed twice.
"""

from random import Random

from attrs import evolve

from mjasync.sim.png import encode
from tests.worlds.misfortunes import DOORS, JOBS, SELDOM, SIM, WIRE
from tests.worlds.plan import AccountPlan, Kill, Life, Node, Plan, Script, Tree

MODES = ("turbo", "fast", "relax")
PROFILES = (
    *("seed",) * 8,
    "docs-2026",
    "get-fetch",
    "get-fetch-404",
    "hosted",
    "same-seed-id",
    "dedupe",
    "post-info",
    *("plus",) * 3,
    *("relay-15s",) * 3,
    "old-proxy",
    "modal-confirm",
    "modal-disguised",
    "modal-new-id",
    "modal-stays",
    "exists-21",
    "remix",
    "downgraded",
    "slash-mode",
    "frozen-100",
    "plain-texts",
    "drift",
)
WORDS = ("lighthouse", "black cat", "paper boat", "red barn", "glass whale", "snow owl", "old tram", "tin robot")
#: What can be pressed under four pictures, one picture, and texts.
_GRID = tuple(("upscale", n) for n in (1, 2, 3, 4)) + tuple(("vary", n) for n in (1, 2, 3, 4)) + (("reroll", None),)
_SINGLE = (
    ("upscale", "subtle"),
    ("upscale", "creative"),
    ("vary", "subtle"),
    ("vary", "strong"),
    ("zoom", 2),
    ("zoom", 1.5),
    ("zoom", 1.8),
    ("pan", "left"),
    ("pan", "up"),
    ("reroll", None),
    ("get_seed", None),
)
_TEXTS = tuple(("imagine", n) for n in (1, 2, 3, 4))
_DEEPEST = 4
#: Requests of a world: small ones are many.
_SIZES = (*(3,) * 10, *(4,) * 4, 5, 5, 7, 7, 12, 25)


def draw(seed: int, *, journals: bool = True) -> Plan:
    """The plan of a seed."""
    dice = Random(f"world/{seed}")
    kills = dice.choice((0, 0, 1, 1, 2, 3, 5)) if journals else 0
    closes = dice.choice((0, 0, 0, 1)) if journals else 0
    lives = [_life(dice, killed=True) for _ in range(kills)] + [_life(dice, killed=False) for _ in range(closes)]
    dice.shuffle(lives)
    lives.append(_last(dice))
    accounts = _accounts(dice)
    return Plan(
        seed=seed,
        journal=_journal(dice, len(lives), journals=journals),
        delay=dice.choice((0.0, 0.0, 0.0, 0.005, 0.3)),
        profile=dice.choice(PROFILES),
        speed=dice.choice((1.0, 4.0, 10.0, 10.0, 30.0)),
        hooks=dice.random() < 0.3,
        check_prompts=dice.random() < 0.1,
        accounts=accounts,
        trees=_trees(dice, accounts, len(lives)),
        lives=tuple(lives),
        rates=_rates(dice),
    )


def _journal(dice: Random, lives: int, *, journals: bool) -> str:
    """A file in a third of the worlds in which something has to survive."""
    kind = dice.choice(("sqlite", "paper", "paper"))
    return kind if journals and (lives > 1 or dice.random() < 0.2) else "memory"


def _accounts(dice: Random) -> tuple[AccountPlan, ...]:
    providers = dice.choice(
        (["ttapi"], ["mjproxy"], ["ttapi", "mjproxy"], ["ttapi", "mjproxy", "ttapi"], ["mjproxy", "ttapi", "mjproxy"])
    )
    made = []
    for number, provider in enumerate(providers):
        most = dice.choice((1, 2, 3, 10))
        # A provider that allows more shows whether we keep to ours; one that allows less says "queue full".
        cap = dice.choice((100, 100, 100, most, max(1, most - 1)))
        made.append(AccountPlan(name=f"{provider}-{number}", provider=provider, max_jobs=most, cap=cap))
    return tuple(made)


def _rates(dice: Random) -> dict[str, float]:
    """Swarm: a few kinds of misfortune in each world, each at its own pace."""
    kinds = dice.sample([*WIRE, *SIM, *JOBS], dice.choice((0, 1, 2, 4, 6, 9)))
    rates = {kind: dice.choice((0.1, 0.3, 0.7) if kind in SELDOM else (0.02, 0.06, 0.2)) for kind in kinds}
    # One closed door ends all work of an account in a process.
    return {kind: rate / 2 if kind in DOORS else rate for kind, rate in rates.items()}


def _life(dice: Random, *, killed: bool) -> Life:
    life = Life(
        recover=dice.choice((0.0, 0.0, 0.0, 5.0, 200.0, None)),
        pause=dice.choice((0.01, 1.0, 20.0, 300.0, 3600.0, 20000.0)),
        linger=dice.choice((0.0, 0.0, 0.0, 20.0, 1000.0)),
        jumps=_jumps(dice),
        jump_after=dice.choice((0.0, 0.0, 0.0, 0.0, 0.0, 3600.0, -3600.0, 86400.0, -86400.0)),
        disk_full=dice.expovariate(1 / 20) if dice.random() < 0.1 else None,
    )
    if not killed:
        return evolve(life, close_at=dice.expovariate(1 / 80), drain=dice.choice((0.0, 0.0, 5.0, 100.0)))
    on = dice.choice(("time", "append", "append", "send"))
    number = dice.expovariate(1 / 60) if on == "time" else 1 + int(dice.expovariate(1 / 8))
    return evolve(life, kill=Kill(on=on, number=number, after=dice.random() < 0.5))


def _last(dice: Random) -> Life:
    return Life(recover=dice.choice((0.0, 0.0, 5.0)), jumps=_jumps(dice))


def _jumps(dice: Random) -> tuple[tuple[float, float], ...]:
    if dice.random() < 0.75:
        return ()
    return tuple((dice.uniform(0, 300), dice.choice((3600.0, -3600.0, 86400.0, -86400.0))) for _ in range(2))


def _trees(dice: Random, accounts: tuple[AccountPlan, ...], lives: int) -> tuple[Tree, ...]:
    wanted = dice.choice(_SIZES)
    trees: list[Tree] = []
    while wanted > 0:
        root = _root(dice, len(trees), accounts, dice.random() < 0.5)
        root = _grown(dice, root, min(wanted - 1, dice.choice((0, 0, 1, 2, 4))))
        wanted -= len(root.all())
        tree = Tree(
            root=root,
            life=dice.choice((0, 0, *range(lives - 1))),
            at=dice.choice((0.0, 0.0, dice.uniform(0, 100))),
            scripts=tuple(_script(dice) for _ in range(dice.choice((1, 1, 2, 3)))),
            again=root.key is not None and dice.random() < 0.7,
        )
        trees.append(tree)
    return tuple(trees)


def _script(dice: Random) -> Script:
    ways = ("wait", "wait", "gather", "wait_for", "cut", "job.cancel", "leave", "batch", *("watch",) * 4, "accepted")
    return Script(
        way="save" if dice.random() < 0.04 else dice.choice(ways),
        moment=dice.choice((0.0, dice.uniform(0, 5), dice.expovariate(1 / 60))),
    )


def _root(dice: Random, number: int, accounts: tuple[AccountPlan, ...], keyed: bool) -> Node:
    verb = dice.choice(("imagine",) * 8 + ("describe", "shorten", "blend"))
    name = f"r{number}"
    prompt = f"{name} {dice.choice(WORDS)}" + dice.choice(("", " --ar 3:2"))
    pictures = tuple(_picture(dice) for _ in range({"describe": 1, "blend": 2}.get(verb, 0)))
    return Node(
        name=name,
        verb=verb,
        prompt=prompt if verb in ("imagine", "shorten") else "",
        pictures=pictures,
        mode=dice.choice(MODES),
        account=dice.choice(accounts).name if dice.random() < 0.2 else None,
        key=f"key-{name}" if keyed else None,
        priority=dice.choice((0, 0, 0, 5, -5)),
        deadline=_deadline(dice),
    )


def _deadline(dice: Random) -> float | None:
    return dice.choice((None, None, None, None, 3.0, 100.0, 1000.0))


def _picture(dice: Random) -> bytes:
    return encode(2, 2, dice.randbytes(12))


def _grown(dice: Random, root: Node, count: int, depth: int = 1) -> Node:
    """The node with `count` more requests below it, in chains and fans."""
    offered = list(_TEXTS if root.verb in ("describe", "shorten") else _SINGLE if root.verb == "upscale" else _GRID)
    children: list[Node] = []
    while count > 0 and offered and depth < _DEEPEST and root.verb != "get_seed":
        verb, argument = offered.pop(dice.randrange(len(offered)))
        name = f"{root.name}.{verb}{'' if argument is None else argument}"
        key = f"key-{name}" if root.key else None
        child = Node(name=name, verb=verb, argument=argument, key=key, deadline=_deadline(dice))
        below = dice.randint(0, count - 1)
        children.append(_grown(dice, child, below, depth + 1))
        count -= 1 + below
    return evolve(root, children=tuple(children))
