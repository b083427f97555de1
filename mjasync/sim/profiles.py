"""How providers differ in life: named sets of small switches, "seed" being what the two documents show.

Rule 1: a profile is data; the dialects read switches and never ask for a name.
Rule 2: a switch stands at one provider; the other one goes on as its seed shows it.
Rule 3: what a switch does was seen in a document or an open server's source (contracts_ttapi.md, contracts_mjproxy.md).
"""

from collections.abc import Mapping
from enum import StrEnum

from attrs import asdict, field, frozen

#: What seed 001 describes, by the ledger's names.
SEED_ENDPOINTS = frozenset({"imagine", "blend", "describe", "shorten", "action", "modal", "fetch"})
#: What only some servers have behind the same door (contracts_mjproxy.md 3).
OPTIONAL_ENDPOINTS = frozenset({"list-by-condition", "image-seed", "swap", "upload-discord-images"})


class Images(StrEnum):
    """When TTAPI tells the four tiles of a grid."""

    ASKED = "asked"
    ALWAYS = "always"
    NEVER = "never"


class Prefixes(StrEnum):
    """Which forms of the mode are routed before `/mj/...`."""

    ALL = "/mj-{mode}, /{mode} and none"
    SLASH = "/{mode}"
    NONE = "none"


class Rows(StrEnum):
    """Whose task object is shown."""

    SEED = "seed"
    RELAY = "relay"
    JAVA = "java"


class Buttons(StrEnum):
    """Which customIds come through to the server."""

    #: All but those under texts, as no relay of stock knows them.
    PICTURES = "pictures"
    #: What stock new-api can read, and a crash for what has no `::` (contracts_mjproxy.md 9.3).
    CLOSED = "closed"
    ALL = "all"


class Windows(StrEnum):
    """How an action says that it opened a window (contracts_mjproxy.md 8)."""

    CODE = "code 21"
    TEXT = "code 1, and a description that says so"
    NOTHING = "code 1 and nothing special"


@frozen(kw_only=True)
class TTAPIWays:
    """The switches of TTAPI; defaults are seed 000's."""

    #: Methods of /fetch: seed 000 says POST, docs.ttapi.io GET.
    fetch_methods: tuple[str, ...] = ("POST", "GET")
    #: Methods of /info and /fetch-list: GET in newer documents, POST in older ones.
    account_methods: tuple[str, ...] = ("GET",)
    #: A wrong method gets a 404 page instead of 405.
    wrong_method_is_page: bool = False
    #: The key of the id that a submit answers.
    id_key: str = "jobId"
    #: The key of a fetch that tells the command or button.
    action_key: str = "actions"
    submit_message: str = ""
    fetch_message: str = "success"
    #: null where the seed has empty texts and lists.
    nulls: bool = False
    quota_as_text: bool = False
    images: Images = Images.ASKED
    #: False: `components` is null.
    components: bool = True
    #: Every command has imagine's range of `timeout`.
    timeouts_everywhere: bool = False
    #: /seed answers with the parent's id, whose fetch goes on saying SUCCESS and gets its seed later.
    seed_under_parent: bool = False
    #: The same action on the same parent again is refused with the id of the first.
    repeats_refused: bool = False
    #: Describe's prompts without numbers, one a line.
    plain_texts: bool = False
    #: Types and keys are not what they should be.
    drift: bool = False


@frozen(kw_only=True)
class MJProxyWays:
    """The switches of midjourney-proxy and the relay before it; defaults are seed 001's."""

    prefixes: Prefixes = Prefixes.ALL
    endpoints: frozenset[str] = SEED_ENDPOINTS
    #: Only the header `mj-api-secret` opens the door.
    secret_only: bool = False
    #: No relay: Spring's error pages, an empty 401, an empty 200 for an unknown task.
    spring: bool = False
    #: `result` is text instead of an integer.
    ids_as_text: bool = False
    rows: Rows = Rows.SEED
    #: Seconds (at speed 1) between two looks of the relay at its server; 0: nothing stands between.
    refresh: float = 0.0
    #: 22 becomes 1, and 21 too unless the button is Vary (Region) or Custom Zoom.
    codes_rewritten: bool = False
    #: `notifyHook` does not reach the server.
    hook_stripped: bool = False
    buttons: Buttons = Buttons.PICTURES
    windows: Windows = Windows.CODE
    #: Variation, reroll and pan open windows too.
    remix: bool = False
    #: A modal is answered with an id of its own, and the window stays one for ever.
    modal_new_id: bool = False
    #: The task says MODAL until it ends.
    modal_stays: bool = False
    #: A repeated upscale is answered with code 21 and the first one's id.
    upscale_exists: bool = False
    #: Describe's prompts as lines without numbers, shorten's text in `description`.
    plain_texts: bool = False
    #: Every job runs in relax, whatever the path asks for.
    downgraded: bool = False
    #: A picture that is done stays IN_PROGRESS at 100%.
    frozen: bool = False
    #: Types and keys are not what they should be.
    drift: bool = False


@frozen(kw_only=True)
class Profile:
    """One way that providers are; `about` says it in a line."""

    name: str
    about: str
    ttapi: TTAPIWays = field(factory=TTAPIWays)
    mjproxy: MJProxyWays = field(factory=MJProxyWays)

    def switches(self) -> dict[str, object]:
        """Return what differs from the seeds: "ttapi.fetch_methods" -> ("GET",)."""
        plain = {**_named("ttapi", asdict(TTAPIWays())), **_named("mjproxy", asdict(MJProxyWays()))}
        mine = {**_named("ttapi", asdict(self.ttapi)), **_named("mjproxy", asdict(self.mjproxy))}
        return {name: value for name, value in mine.items() if value != plain[name]}


def _named(provider: str, switches: dict[str, object]) -> dict[str, object]:
    return {f"{provider}.{name}": value for name, value in switches.items()}


_ALL = (
    Profile(name="seed", about="both providers as their documents show them"),
    # TTAPI.
    Profile(
        name="docs-2026",
        about="TTAPI as docs.ttapi.io shows it: job_id, action, quota as text, nulls, tiles unasked, fetch by GET",
        ttapi=TTAPIWays(
            fetch_methods=("GET",),
            id_key="job_id",
            action_key="action",
            submit_message="success",
            fetch_message="",
            nulls=True,
            quota_as_text=True,
            images=Images.ALWAYS,
            timeouts_everywhere=True,
        ),
    ),
    Profile(name="get-fetch", about="TTAPI's fetch by GET only: POST is 405", ttapi=TTAPIWays(fetch_methods=("GET",))),
    Profile(
        name="get-fetch-404",
        about="TTAPI's fetch by GET only: POST is a 404 page",
        ttapi=TTAPIWays(fetch_methods=("GET",), wrong_method_is_page=True),
    ),
    Profile(
        name="hosted",
        about="a hosted TTAPI account: components and images are null",
        ttapi=TTAPIWays(components=False, images=Images.NEVER),
    ),
    Profile(
        name="same-seed-id",
        about="TTAPI's /seed answers with the parent's id, whose seed is empty for some seconds",
        ttapi=TTAPIWays(seed_under_parent=True),
    ),
    Profile(
        name="dedupe",
        about="TTAPI refuses a repeated action with the id of the first",
        ttapi=TTAPIWays(repeats_refused=True),
    ),
    Profile(
        name="post-info",
        about="TTAPI's info and fetch-list by POST only: GET is 405",
        ttapi=TTAPIWays(account_methods=("POST",)),
    ),
    # midjourney-proxy and its relays.
    Profile(
        name="plus",
        about="midjourney-proxy-plus without a relay: optional endpoints, ids as text, codes unrewritten, all buttons",
        mjproxy=MJProxyWays(endpoints=SEED_ENDPOINTS | OPTIONAL_ENDPOINTS, ids_as_text=True, buttons=Buttons.ALL),
    ),
    Profile(
        name="relay-15s",
        about="stock new-api: a table refreshed every 15 s, codes rewritten, lean tasks, a closed set of buttons",
        mjproxy=MJProxyWays(
            endpoints=SEED_ENDPOINTS | OPTIONAL_ENDPOINTS,
            ids_as_text=True,
            rows=Rows.RELAY,
            refresh=15.0,
            codes_rewritten=True,
            hook_stripped=True,
            buttons=Buttons.CLOSED,
            modal_stays=True,
        ),
    ),
    Profile(
        name="old-proxy",
        about="the Java original: mj-api-secret, no mode prefix, 200 and nothing for an unknown task, no buttons",
        mjproxy=MJProxyWays(
            prefixes=Prefixes.NONE,
            endpoints=frozenset({"imagine", "blend", "describe", "fetch", "list-by-condition"}),
            secret_only=True,
            spring=True,
            ids_as_text=True,
            rows=Rows.JAVA,
        ),
    ),
    Profile(
        name="modal-confirm",
        about="a window is announced by code 1 and its description",
        mjproxy=MJProxyWays(windows=Windows.TEXT),
    ),
    Profile(
        name="modal-disguised",
        about="a window is not announced at all; the next fetch says MODAL",
        mjproxy=MJProxyWays(windows=Windows.NOTHING),
    ),
    Profile(
        name="modal-new-id",
        about="a modal is answered with an id of its own; the window stays MODAL for ever",
        mjproxy=MJProxyWays(modal_new_id=True),
    ),
    Profile(
        name="modal-stays",
        about="a task from a window says MODAL until it ends",
        mjproxy=MJProxyWays(modal_stays=True),
    ),
    Profile(
        name="exists-21",
        about="a repeated upscale is answered with code 21 and the first one's id",
        mjproxy=MJProxyWays(upscale_exists=True),
    ),
    Profile(name="remix", about="variation, reroll and pan open windows too", mjproxy=MJProxyWays(remix=True)),
    Profile(
        name="downgraded",
        about="asked for fast or turbo, it runs in relax and says so",
        mjproxy=MJProxyWays(downgraded=True),
    ),
    Profile(
        name="slash-mode",
        about="only /{mode}/mj/... is routed; all else is the relay's console",
        mjproxy=MJProxyWays(prefixes=Prefixes.SLASH),
    ),
    Profile(
        name="frozen-100",
        about="a picture that is done stays IN_PROGRESS at 100% for ever",
        mjproxy=MJProxyWays(frozen=True),
    ),
    # Both.
    Profile(
        name="plain-texts",
        about="described and shortened texts as other servers lay them out",
        ttapi=TTAPIWays(plain_texts=True),
        mjproxy=MJProxyWays(plain_texts=True),
    ),
    Profile(
        name="drift",
        about="numbers as text and text as numbers, nulls, objects for words, fields nobody knows",
        ttapi=TTAPIWays(drift=True),
        mjproxy=MJProxyWays(drift=True),
    ),
)

#: Name -> profile, "seed" first.
PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in _ALL}


def find(name: str) -> Profile:
    """Return the profile of this name.

    Raises:
        ValueError: there is none; the text names those there are.

    """
    if name not in PROFILES:
        raise ValueError(f"no profile is called {name!r}; there are {', '.join(PROFILES)}")
    return PROFILES[name]
