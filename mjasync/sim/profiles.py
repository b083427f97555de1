"""Ways that providers are in life: named sets of small switches, "seed" being what the two documents show.

Rule 1: a profile is data; the dialects read its switches (`ways`) and never ask for its name.
"""

from collections.abc import Mapping

from attrs import asdict, field, frozen

from mjasync.sim.ways import (
    OPTIONAL_ENDPOINTS,
    SEED_ENDPOINTS,
    Buttons,
    Images,
    MJProxyWays,
    Prefixes,
    Rows,
    TTAPIWays,
    Windows,
)


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
