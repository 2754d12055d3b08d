"""What the tests of both chats need."""

from collections.abc import Iterator

import pytest

from records.jobs import Jobs
from tests.integrations.chats import KeptJobs


@pytest.fixture(scope="module")
def no_turns() -> Iterator[None]:
    """The schedule never strikes here: what a turn sends would fall into another test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Jobs, "every", lambda *_arguments: None)
        yield


@pytest.fixture
def kept() -> KeptJobs:
    return KeptJobs()
