"""The buttons of midjourney-proxy: gestures as customIds, and back.

The shapes of a grid are seed 001's sample; those of a single picture are the open servers' (contracts_mjproxy.md 9.2).
"""

from collections.abc import Mapping

from mjasync.sim.gestures import CUSTOM_ZOOM, REGION, REROLL, Gesture
from mjasync.sim.jobs import Job
from mjasync.sim.replies import Refusal
from mjasync.sim.ways import Buttons

_LOOKS: Mapping[Gesture, tuple[str, str, str]] = {
    **{Gesture("upscale", tile): (f"MJ::JOB::upsample::{tile}::%s", "", f"U{tile}") for tile in (1, 2, 3, 4)},
    REROLL: ("MJ::JOB::reroll::0::%s::SOLO", "🔄", ""),
    **{Gesture("variation", tile): (f"MJ::JOB::variation::{tile}::%s", "", f"V{tile}") for tile in (1, 2, 3, 4)},
    Gesture("upscale", flavour="subtle"): ("MJ::JOB::upsample_v6r1_2x_subtle::1::%s::SOLO", "", "Upscale (Subtle)"),
    Gesture("upscale", flavour="creative"): (
        "MJ::JOB::upsample_v6r1_2x_creative::1::%s::SOLO",
        "",
        "Upscale (Creative)",
    ),
    Gesture("variation", flavour="subtle"): ("MJ::JOB::low_variation::1::%s::SOLO", "🪄", "Vary (Subtle)"),
    Gesture("variation", flavour="strong"): ("MJ::JOB::high_variation::1::%s::SOLO", "🪄", "Vary (Strong)"),
    REGION: ("MJ::Inpaint::1::%s::SOLO", "🖌️", "Vary (Region)"),
    # The number is the scale that remains, in percent.
    Gesture("zoom", flavour="2"): ("MJ::Outpaint::50::1::%s::SOLO", "🔍", "Zoom Out 2x"),
    Gesture("zoom", flavour="1.5"): ("MJ::Outpaint::75::1::%s::SOLO", "🔍", "Zoom Out 1.5x"),
    CUSTOM_ZOOM: ("MJ::CustomZoom::%s", "🔍", "Custom Zoom"),
    Gesture("zoom", flavour="square"): ("MJ::Outpaint::100::1::%s::SOLO", "↔️", "Make Square"),
    **{
        Gesture("pan", flavour=side): (f"MJ::JOB::pan_{side}::1::%s::SOLO", emoji, "")
        for side, emoji in {"left": "⬅️", "right": "➡️", "up": "⬆️", "down": "⬇️"}.items()
    },
    # Under texts there is no picture, and so no hash.
    **{
        Gesture("text", number, kind): (f"MJ::Job::{name}::{number}", f"{number}\ufe0f\u20e3", "")
        for kind, name, most in (("describe", "PicReader", 4), ("shorten", "PromptAnalyzer", 5))
        for number in range(1, most + 1)
    },
}
_TEXTS = {"PicReader", "Picread", "PromptAnalyzer"}


def custom_id(job: Job, gesture: Gesture) -> str:
    """The customId of a gesture under this job's picture."""
    return _LOOKS[gesture][0].replace("%s", job.hash)


def buttons(job: Job, now: float) -> list[dict[str, object]]:
    """What the job's picture offers now, as seed 001 shows it."""
    return [
        {"customId": custom_id(job, gesture), "emoji": emoji, "label": label, "style": 2, "type": 2}
        for gesture in job.offers(now)
        for _, emoji, label in (_LOOKS[gesture],)
    ]


def pressed(job: Job, wanted: str, now: float) -> Gesture | None:
    """The gesture behind a customId, or None if the job does not offer it now."""
    return next((gesture for gesture in job.offers(now) if custom_id(job, gesture) == wanted), None)


def let_through(wanted: str, buttons: Buttons) -> None:
    """Refuse what the relay cannot read, before the server sees it (contracts_mjproxy.md 9.3)."""
    segments = wanted.split("::")
    if buttons is Buttons.CLOSED:
        if len(segments) < 2:
            raise Refusal("unknown_action", "Panic detected, error: index out of range", status=500)
        place = 2 if segments[1] == "JOB" else 1
        name = segments[place] if len(segments) > place else ""
        numbered = len(segments) > 3 and segments[3].isdecimal()
        parts = any(part in name for part in ("variation", "pan", "reroll")) or ("upsample" in name and numbered)
        if parts or name in {"Outpaint", "CustomZoom", "Inpaint"}:
            return
    elif buttons is Buttons.ALL or not _TEXTS & set(segments):
        return
    raise Refusal("unknown_action", f"unknown_action:{wanted}")
