"""What answers a question joined of two: found for both together, and for the second by itself.

What answered the first question answers both together nearly as well, and is seldom what the second wants.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from knowledge.library import DutyHit, OwnRule
from pii.cleared import ClearedText

# What a rule told before counts for beside one that was not.
_TOLD_BEFORE = 0.5
# How likely a duty must answer the second question by itself to come before one told already.
_SURE_ALONE = 0.4


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The second question as it was typed, and the one before it."""

    typed: ClearedText
    before: ClearedText


def rules_of_follow_up(
    joined: Sequence[OwnRule], follow_up: FollowUp, search: Callable[[ClearedText], list[OwnRule]]
) -> list[OwnRule]:
    """The rules found for both together or for the second alone, best first: either may be right."""
    told = {(one.section.id, one.words) for one in search(follow_up.before)[:1]}
    found: dict[tuple[str, str], OwnRule] = {}
    for one in (*joined, *search(follow_up.typed)):
        key = (one.section.id, one.words)
        score = one.score * (_TOLD_BEFORE if key in told else 1)
        missed = (1 - score) * (1 - found[key].score if key in found else 1)
        found[key] = replace(one, score=1 - missed)
    return sorted(found.values(), key=lambda one: -one.score)


def duties_of_follow_up(
    joined: list[DutyHit], follow_up: FollowUp, search: Callable[[ClearedText], list[DutyHit]]
) -> list[DutyHit]:
    """The duties found for both together; for the second alone where those only repeat what was told before."""
    before = search(follow_up.before)
    if not (joined and before and joined[0].duty.id == before[0].duty.id):
        return joined
    alone = search(follow_up.typed)
    return alone if alone and alone[0].share >= _SURE_ALONE else joined
