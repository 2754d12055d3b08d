"""The data root: 32 random bytes that every key of this installation derives from.

It stands in the database, wrapped with the master key, so that the master key can be exchanged and
nothing that was sealed, signed or chained is touched. An installation older than this has the
master key itself as its root, for ever: its migration leaves a row that is not wrapped yet.
"""

from secrets import token_bytes

from sqlalchemy import CheckConstraint, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.audit import AuditLog
from records.database import Base, Database
from records.errors import Unavailable
from records.keys import KEY_BYTES, Keys
from records.wrapping_keys import MASTER, KeyRing, KeySource, Wrapping, WrappingKey, no_key

_BOUND_TO = "data-root"


class DataRootRow(Base):
    """The one row. Without a `key_id` the root is the master key of before, not wrapped yet."""

    __tablename__ = "data_root"
    __table_args__ = (CheckConstraint("number = 1", name="only_one"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    key_id: Mapped[str] = mapped_column(String(16))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class DataRoot:
    """Makes the root once, opens it, wraps it with another master key."""

    def __init__(self, source: KeySource) -> None:
        self.source = source

    def keys(self, database: Database) -> Keys:
        """The keys of this installation. Raises Unavailable with another master key."""
        with database.reading() as session:
            row = session.get(DataRootRow, 1)
        if row is None or not row.key_id:
            with database.transaction() as session:
                return self._first(session)
        try:
            return self.opened(row.key_id, row.wrapped)
        except Unavailable:
            # Another process may have exchanged the key between the row and the key file.
            with database.reading() as session:
                return self._open(session)

    def opened(self, key_id: str, wrapped: bytes) -> Keys:
        """The keys under a wrapped root, such as a backup's. Raises Unavailable."""
        return _opened(self.source.ring(), key_id, wrapped)

    def wrapped(self, session: Session) -> tuple[str, bytes]:
        """The id of the master key, and the root as it is wrapped with it."""
        row = session.get_one(DataRootRow, 1)
        return row.key_id, row.wrapped

    def rewrap(self, session: Session, ring: KeyRing) -> str:
        """The id of the master key the root is wrapped with from now on, opened once to be sure."""
        row = session.get_one(DataRootRow, 1)
        root = _opened(ring, row.key_id, row.wrapped).master
        _put(row, ring.current, root)
        session.flush()
        session.refresh(row)
        if _opened(ring, row.key_id, row.wrapped).master != root:
            raise no_key(MASTER)
        return row.key_id

    def _open(self, session: Session) -> Keys:
        return self.opened(*self.wrapped(session))

    def _first(self, session: Session) -> Keys:
        """The root made, or that of an older installation taken over; another process may be first."""
        row, ring = session.get(DataRootRow, 1), self.source.ring()
        if row is None:
            row = DataRootRow(number=1)
            _put(row, ring.current, token_bytes(KEY_BYTES))
            session.add(row)
        elif not row.key_id:
            _put(row, ring.current, _root_of_before(session, ring).master)
        return self._open(session)


def _put(row: DataRootRow, key: Wrapping, root: bytes) -> None:
    row.key_id, row.wrapped = key.id, key.wrap(root, _BOUND_TO)


def _opened(ring: KeyRing, key_id: str, wrapped: bytes) -> Keys:
    return Keys(ring.of(key_id).unwrap(wrapped, _BOUND_TO))


def _root_of_before(session: Session, ring: KeyRing) -> Keys:
    """The master key everything so far was made with, by the seal of the last audit event."""
    for key in ring.all:
        if isinstance(key, WrappingKey):
            log = AuditLog(key.keys.derive("audit"))
            if log.sealed_last(session):
                return key.keys
    raise no_key(MASTER)
