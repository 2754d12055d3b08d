"""How much of this machine is ours."""

import os


def usable_cores() -> int:
    """How many cores this process may use, which in a container are fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
