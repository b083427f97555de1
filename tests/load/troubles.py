"""What goes wrong with a request, as a word in its prompt: who asks and who serves it know the same ones."""

from random import Random

#: Words of a prompt, what they cause, and their shares of all prompts.
TROUBLES = (
    ("its answer is lost", 0.01, "lose_answer", {}),
    ("its connection is reset", 0.005, "drop", {}),
    ("its words are refused", 0.01, "reject", {"reason": "the words are not allowed"}),
    ("it breaks", 0.02, "fail", {}),
    ("its hook is lost", 0.05, "hook_lost", {}),
    ("its hook is late", 0.05, "hook_late", {}),
    ("its hook comes twice", 0.05, "hook_twice", {}),
    ("its hook comes early", 0.02, "hook_early", {}),
)


def troubled(prompt: str, dice: Random) -> str:
    """The prompt, with a word of trouble now and then."""
    thrown = dice.random()
    for word, share, _, _ in TROUBLES:
        if thrown < share:
            return f"{prompt}, {word}"
        thrown -= share
    return prompt
