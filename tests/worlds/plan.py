"""A world as plain values: who asks for what, when, and what will go wrong. `drawing` makes one from a seed."""

from attrs import field, frozen

#: profile → options of a midjourney-proxy account there.
PROXY = {"old-proxy": {"mode_path": "", "auth": "mj-api-secret"}, "slash-mode": {"mode_path": "/{mode}"}}


@frozen(kw_only=True)
class Node:
    """One logical request, and those that follow from its result."""

    name: str
    verb: str
    argument: object = None
    prompt: str = ""
    pictures: tuple[bytes, ...] = field(default=(), repr=False)
    mode: str | None = None
    account: str | None = None
    key: str | None = None
    priority: int | None = None
    deadline: float | None = None
    children: tuple["Node", ...] = ()

    def all(self) -> list["Node"]:
        """Itself and everything below, parents first."""
        return [self, *(node for child in self.children for node in child.all())]


@frozen(kw_only=True)
class Script:
    """What a user does with the jobs of one tree: a way of waiting, and a moment (seconds after asking)."""

    way: str
    moment: float


@frozen(kw_only=True)
class Tree:
    """A request with its chain, asked for at a second of a life."""

    root: Node
    life: int
    at: float
    scripts: tuple[Script, ...]
    #: Asked for again by its keys in later lives.
    again: bool


@frozen(kw_only=True)
class Kill:
    """The process dies at a moment, or at the n-th append or send, before or after it counts."""

    on: str
    number: float
    after: bool = False


@frozen(kw_only=True)
class Life:
    """One process: how it takes up what was left, how it ends, and how long nothing runs afterwards."""

    kill: Kill | None = None
    close_at: float | None = None
    drain: float = 0.0
    #: Seconds after opening at which `recover()` is called; None: never.
    recover: float | None = 0.0
    pause: float = 1.0
    #: Seconds that it goes on after its users have what they wanted, before it dies.
    linger: float = 0.0
    #: Jumps of the calendar: (second of this life, seconds).
    jumps: tuple[tuple[float, float], ...] = ()
    #: A jump while nothing runs.
    jump_after: float = 0.0
    #: Second of this life from which on the disk takes nothing.
    disk_full: float | None = None


@frozen(kw_only=True)
class AccountPlan:
    """One account: what we may use, and what the provider allows."""

    name: str
    provider: str
    max_jobs: int
    cap: int


@frozen(kw_only=True)
class Plan:
    """A world."""

    seed: int
    #: "memory", "paper" or "sqlite"; `delay`: seconds until what is appended is durable.
    journal: str
    delay: float
    profile: str
    speed: float
    #: Our own hooks, so that a lost submit can be found in the account's list; the provider's free prompt check.
    hooks: bool
    check_prompts: bool
    accounts: tuple[AccountPlan, ...]
    trees: tuple[Tree, ...]
    lives: tuple[Life, ...]
    #: Kind of misfortune → its share of the exchanges (or accepted jobs) that it can strike.
    rates: dict[str, float]

    @property
    def nodes(self) -> list[Node]:
        """Every logical request."""
        return [node for tree in self.trees for node in tree.root.all()]
