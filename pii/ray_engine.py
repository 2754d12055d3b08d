"""The map of `bulk.py` on Ray Data: any number of processes on any number of machines.

One actor a core. Each holds a process of ours that holds the models (`scan_workers`), so that a file
that hangs, eats memory or kills its process ends that process only and is named, on a cluster as
here. Every machine needs this program and must reach the place. The keyed marks need the
inventory's key: it goes to the actors, in memory. Without a cluster (RAY_ADDRESS) Ray starts here;
its dashboard and its reports about usage stay off.
"""

import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pii.bulk import Found, read_marked
from pii.inventory import State
from pii.places import Place
from pii.scan_workers import Setup, Workers
from pii.tree import Seen
from records.errors import Unavailable

_BATCH, _BLOCK = 8, 64


def on_ray(
    place: Place, listed: Sequence[Seen], known: Mapping[str, Any], setup: Setup, workers: int
) -> Iterator[Found]:
    """So many actors. Raises Unavailable where Ray is not installed."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        import pyarrow
        import ray
    except ImportError:
        raise Unavailable(
            "没有安装 Ray：pip install 'compliance-assistant[ray]'，或用 --engine local。",
            "Ray is not installed: pip install 'compliance-assistant[ray]', or use --engine local.",
        ) from None
    started = not ray.is_initialized()
    if started:
        here = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": workers}
        ray.init(include_dashboard=False, log_to_driver=False, configure_logging=False, **here)
    try:
        for logger in ("ray", "ray.data"):
            logging.getLogger(logger).setLevel(logging.ERROR)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        block = max(1, min(_BLOCK, len(listed) // (4 * workers)))
        numbers = [
            pyarrow.table({"number": np.arange(at, min(at + block, len(listed)))})
            for at in range(0, len(listed), block)
        ]
        if not numbers:
            return
        given = {
            "place": place,
            "setup": setup,
            "listed": ray.put(list(listed)),
            # Sorted bytes in shared memory, which no actor copies.
            "known": ray.put(np.array(sorted(known), dtype="S32")),
        }
        warnings.filterwarnings("ignore", module=r"ray\.data")
        rows = ray.data.from_arrow(numbers).map_batches(
            _Actor,
            fn_constructor_kwargs=given,
            batch_size=_BATCH,
            batch_format="numpy",
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(size=workers),
        )
        for row in rows.iter_rows():
            state = State(row["state"]) if row["state"] else None
            yield Found(listed[row["number"]], row["mark"], state, row["result"])
    finally:
        if started:
            ray.shutdown()


_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


class _Actor:
    """Holds one process with the models; reads files by their numbers."""

    def __init__(self, place: Place, setup: Setup, listed: Any, known: Any) -> None:
        import ray

        self._place, self._setup = place, setup
        self._listed: Sequence[Seen] = ray.get(listed)
        self._known = ray.get(known)
        self._pool = Workers(1, setup)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """A result for each number, in their order."""
        found = [self._one(self._listed[int(number)]) for number in batch["number"]]
        results = np.empty(len(found), dtype=object)
        results[:] = [one.result for one in found]
        return {
            "number": batch["number"],
            "mark": np.array([one.mark for one in found]),
            "state": np.array([one.state.value if one.state else "" for one in found]),
            "result": results,
        }

    def _one(self, seen: Seen) -> Found:
        read = read_marked(self._place, seen, self._setup)
        if isinstance(read, Found):
            return read
        mark, data = read
        at = int(np.searchsorted(self._known, mark.encode()))
        if at < len(self._known) and self._known[at] == mark.encode():
            return Found(seen, mark)
        self._pool.give(mark, data, self._setup.called(seen.path))
        while self._pool.busy:
            for _, result in self._pool.collect():
                return Found(seen, mark, result=self._setup.keep(mark, result))
        raise RuntimeError("a process of ours gave no result")
