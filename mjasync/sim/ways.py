"""The switches in which providers differ, and what they differ in: values that the dialects of the simulator read.

Rule 1: a switch stands at one provider, and its default is what the provider's document shows.
Rule 2: what a switch does was seen in a document or an open server's source (contracts_ttapi.md, contracts_mjproxy.md).
"""

from enum import StrEnum

from attrs import frozen

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
