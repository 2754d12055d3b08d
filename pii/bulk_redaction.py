"""The redaction of many files: copies by the hash of what they were made from, each its own case.

TARGET/
  <2 digits>/<mark>.<suffix>               the copy: a file name may itself tell of somebody
  <2 digits>/<mark>.<suffix>.report.json   what was found and done
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pii.case import Case
from pii.documents import redact_document
from pii.errors import LeakFound
from pii.formats.opening import suffix_of
from pii.inventory import State, state_of
from pii.places import Place
from pii.policy import RedactionPolicy
from pii.scan_workers import Setup
from records.errors import ProductError


@dataclass(frozen=True, slots=True)
class Copy:
    """What became of a file: where its copy lies, or why there is none."""

    state: State
    path: str = ""
    sha256: str = ""
    findings: int = 0


@dataclass(frozen=True)
class BulkRedaction(Setup):
    """A process of it reads a file and makes its copy; what watches the process stores the copy."""

    policy: RedactionPolicy = field(kw_only=True)
    target: Place = field(kw_only=True)

    def reader(self) -> Callable[[bytes, str], Any]:
        """The copy with its report, or why there is none."""
        detector = self.detector()

        def redact(data: bytes, suffix: str) -> Copy | tuple[str, bytes, bytes, int]:
            try:
                document = redact_document(
                    data, f"file{suffix}", detector, self.policy, Case(), limits=self.limits
                )
            except ProductError as error:
                return Copy(State.LEAKS if isinstance(error, LeakFound) else state_of(error))
            except Exception as error:
                # Whatever a library trips over in a hostile file, the batch goes on.
                return Copy(state_of(error))
            report = document.report
            return (
                suffix_of(document.name),
                document.data,
                report.to_json().encode(),
                len(report.lines),
            )

        return redact

    def failed(self, state: State) -> Copy:
        """No copy."""
        return Copy(state)

    def keep(self, mark: str, result: Any) -> Copy:
        """The copy and its report stored, the report first: a copy without one is no result."""
        if isinstance(result, Copy):
            return result
        suffix, data, report, findings = result
        path = f"{mark[:2]}/{mark}{suffix}"
        self.target.write(f"{path}.report.json", report)
        self.target.write(path, data)
        return Copy(State.READ, path, hashlib.sha256(data).hexdigest(), findings)
