"""Durable jobs: a thin face on DBOS, which keeps them in SQLite or PostgreSQL.

A job is a kind, an id and a small payload. Handing in the same id twice starts it once. Any number
of processes share the work, on many hosts with PostgreSQL. A job that a dead process was at is
taken up by another within seconds, so handlers must bear being repeated. What DBOS writes down is
encrypted, because a payload may hold a question with personal data in it.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from dbos import error as dbos_error

from records.database import DatabaseUnavailable, answering, database_url
from records.dbos_parts import (
    WORKFLOW,
    Payload,
    SealedSerializer,
    is_sqlite,
    prepare_sqlite,
    turn_of,
    workflow,
)
from records.errors import Unavailable
from records.tracing import span
from records.worker_presence import Presence, presence_of

logger = logging.getLogger(__name__)

Handler = Callable[[Payload], None]

QUEUE = "compliance"
APPLICATION, VERSION = "compliance-assistant", "1"
# How long a finished job is kept: long after the last time somebody hands the same one in again.
KEPT = timedelta(days=3)
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
FORGOTTEN_AT_ONCE = 500
# How often each process looks whether another died with jobs in hand.
WATCH_SECONDS = 2.0
# How long a job waits for a database that is away, before it counts as failed.
LONGEST_OUTAGE_SECONDS = 3600.0
# And for what is outside, such as Slack; its pauses grow to this many times the first.
LONGEST_PATIENCE_SECONDS = 24 * 3600.0
LONGEST_PAUSE = 30
# So many lanes of one queue are worked on at once: more keep acknowledgements waiting (evals.load).
LANE_WORKERS = 4


class TryLater(Exception):
    """A handler cannot do its job now, through no fault of the job: it is asked again, for a day.

    `at_least`: seconds to wait before, such as a Retry-After. Holds no text of its own.
    """

    def __init__(self, at_least: float = 0.0) -> None:
        super().__init__()
        self.at_least = at_least


class Stopping(BaseException):
    """The process ends while a job waits. DBOS leaves the job as it is, and the next start takes it up."""


class JobFailed(Exception):
    """A handler raised. Holds the kind and the error's class; never its text or the payload."""


class Jobs:
    """The jobs of this process. Register handlers, then start; DBOS allows one per process."""

    def __init__(
        self,
        url: str,
        key: bytes,
        *,
        workers: int = 32,
        polling_seconds: float = 0.2,
        outage_seconds: float = 2.0,
    ) -> None:
        self._url = database_url(url).render_as_string(hide_password=False)
        self._key = key
        self._workers = workers
        self._polling_seconds = polling_seconds
        self._outage_seconds = outage_seconds
        self._handlers: dict[str, Handler] = {}
        # The queue of each kind that is done in lanes.
        self._lanes: dict[str, str] = {}
        self._tasks: dict[str, tuple[str, Callable[[], object]]] = {}
        self._at_stop: list[Callable[[], None]] = []
        self._started = False
        self._stopped = False
        self._running = 0
        self._counting = threading.Lock()
        self._presence: Presence | None = None
        self._door: DBOSClient | None = None
        self._ending = threading.Event()
        self._watcher = threading.Thread()

    @property
    def busy(self) -> bool:
        """Whether a job is being worked on in this process."""
        return self._running > 0

    def handle(self, kind: str, handler: Handler, *, lanes: str = "") -> None:
        """Let this function do jobs of this kind.

        `lanes` names the queue of kinds whose jobs keep the order of their lane; jobs that wait there
        hold up no others.
        """
        self._handlers[kind] = handler
        if lanes:
            self._lanes[kind] = f"{QUEUE}-{lanes}"

    def every(self, cron: str, name: str, task: Callable[[], object]) -> None:
        """Let this be done at each of these times (UTC), once over all processes."""
        self._tasks[name] = (cron, task)

    def at_stop(self, task: Callable[[], None]) -> None:
        """Let this be done at a stop, once running jobs had their time."""
        self._at_stop.append(task)

    def start(self) -> None:
        """Begin working; jobs that a crash cut short are taken up again."""
        self._stopped = False
        with answering():
            prepare_sqlite(self._url)
        self._presence = presence_of(self._url)
        self._presence.hold()
        serializer = SealedSerializer(self._key)
        config = DBOSConfig(
            name=APPLICATION,
            system_database_url=self._url,
            executor_id=self._presence.id,
            # Jobs outlive a new release of ours: any version may finish them.
            application_version=VERSION,
            serializer=serializer,
            log_level="WARNING",
            # SQLite has one writer; more connections only wait for each other.
            **({"sys_db_pool_size": 1} if is_sqlite(self._url) else {}),
            enable_otlp=False,
        )
        DBOS(config=config)
        workflow(self._perform)
        turn = turn_of(self._take_turn)
        queues = sorted({_queue(name) for name in (*self._handlers, *self._tasks)})
        lanes = sorted({*self._lanes.values()})
        DBOS.listen_queues([*queues, *lanes])
        with answering():
            DBOS.launch()
        for queue in queues:
            DBOS.register_queue(
                queue, worker_concurrency=self._workers, polling_interval_sec=self._polling_seconds
            )
        for queue in lanes:
            DBOS.register_queue(
                queue,
                worker_concurrency=LANE_WORKERS,
                partition_concurrency=1,
                polling_interval_sec=self._polling_seconds,
            )
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": name,
                    "workflow_fn": turn,
                    "schedule": cron,
                    "context": name,
                    "queue_name": _queue(name),
                }
                for name, (cron, _) in self._tasks.items()
            ]
        )
        # A connection of its own: what is handed in does not wait for what is being worked on.
        self._door = DBOSClient(
            system_database_url=self._url,
            serializer=serializer,
            application_name=APPLICATION,
            system_database_pool_size=1 if is_sqlite(self._url) else None,
        )
        self._ending.clear()
        self._watcher = threading.Thread(target=self._watch, name="jobs-watch", daemon=True)
        self._watcher.start()
        self._started = True

    def submit(self, kind: str, job_id: str, payload: Payload, *, lane: str = "") -> None:
        """Write the job down; it runs soon, once for this id, also after a crash.

        Those of one `lane` run one after the other, where the kind is handled in lanes here.
        """
        if not self._started or self._door is None:
            raise Unavailable(
                "后台任务没有启动，请稍后再试。", "Background jobs are not running; try again soon."
            )
        lanes = self._lanes.get(kind) if lane else None
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": lanes or _queue(kind),
            "workflow_id": f"{kind}:{job_id}",
            "app_version": VERSION,
        }
        if lanes:
            options["queue_partition_key"] = lane
        self._door.enqueue(options, kind, dict(payload))

    def pause(self, seconds: float) -> None:
        """Wait, in a job. Raises Stopping at once when the process ends meanwhile."""
        if self._ending.wait(seconds):
            raise Stopping

    def wait(self, kind: str, job_id: str) -> None:
        """Return when the job has ended. Raises JobFailed if it could not be done."""
        try:
            DBOS.retrieve_workflow(f"{kind}:{job_id}").get_result()
        except dbos_error.DBOSException as error:
            raise JobFailed(kind, type(error).__name__) from None

    def forget(self, now: datetime) -> int:
        """How many finished jobs and turns were erased, with what they held: their time is over."""
        erased = 0
        while self._door and not self._ending.is_set():
            ids = [
                one.workflow_id
                for one in self._door.list_workflows(
                    status=FINISHED,
                    completed_before=(now - KEPT).isoformat(),
                    limit=FORGOTTEN_AT_ONCE,
                    load_input=False,
                    load_output=False,
                )
            ]
            if not ids:
                break
            self._door.delete_workflows(ids)
            erased += len(ids)
        return erased

    def stop(self, *, within_seconds: int = 10) -> None:
        """Let running jobs finish for a while, then stop; the rest wait for the next start."""
        if self._started:
            self._ending.set()
            self._watcher.join(timeout=within_seconds)
            DBOS.destroy(workflow_completion_timeout_sec=within_seconds, destroy_registry=True)
            self._stopped = True
            if self._door:
                self._door.destroy()
            if self._presence:
                self._presence.leave()
            for task in self._at_stop:
                task()
        self._started = False

    def _watch(self) -> None:
        """Take up what dead processes left, at once and then for as long as we run."""
        while not self._ending.is_set():
            try:
                self._take_up()
            except Exception as error:
                # The database may be gone for a while; its text may hold the URL.
                logger.warning("looking after other workers failed: %s", type(error).__name__)
            self._ending.wait(WATCH_SECONDS)

    def _take_up(self) -> None:
        if self._presence is None or not self._presence.hold():
            return
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        workers = {one.executor_id for one in pending if one.executor_id} - {self._presence.id}
        if gone := [one for one in workers if not self._presence.lives(one)]:
            logger.warning("taking up the jobs of %d workers that died", len(gone))
            DBOS._recover_pending_workflows(gone)

    def _take_turn(self, name: str) -> None:
        # A task of an older release may still be on the schedule.
        if name in self._tasks:
            with span(f"task {name}"):
                self._tasks[name][1]()

    def _perform(self, kind: str, payload: Payload) -> None:
        if self._stopped:
            # What still runs after a stop could not be written down: the next start does it.
            raise JobFailed(kind, "Stopped")
        with self._counting:
            self._running += 1
        try:
            with span(f"job {kind}"):
                self._outlast(kind, payload)
        except Exception as error:
            # The text of an error may quote the payload; its class cannot.
            logger.warning("job of kind %s failed: %s", kind, type(error).__name__)
            raise JobFailed(kind, type(error).__name__) from None
        finally:
            with self._counting:
                self._running -= 1

    def _outlast(self, kind: str, payload: Payload) -> None:
        """The job done; while the database or what is outside is away it waits: no fault of the job's."""
        began, pause = time.monotonic(), self._outage_seconds
        while True:
            try:
                return self._handlers[kind](payload)
            except DatabaseUnavailable:
                away = time.monotonic() - began
                if self._ending.wait(self._outage_seconds) or away > LONGEST_OUTAGE_SECONDS:
                    raise
            except TryLater as later:
                if time.monotonic() - began > LONGEST_PATIENCE_SECONDS:
                    raise
                self.pause(max(pause, later.at_least))
                pause = min(2 * pause, LONGEST_PAUSE * self._outage_seconds)


def _queue(name: str) -> str:
    """Where jobs of this name wait: slack-reply for processes that do slack-…, scan for all."""
    group, dash, _ = name.partition("-")
    return f"{QUEUE}-{group}" if dash else QUEUE
