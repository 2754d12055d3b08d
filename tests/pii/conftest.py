"""One detector for all tests of this folder: loading the model takes a second."""

import pytest

from pii.detect import PresidioDetector
from pii.policy import RedactionPolicy, load_policy


@pytest.fixture(scope="session")
def detector() -> PresidioDetector:
    return PresidioDetector()


@pytest.fixture(scope="session")
def standard() -> RedactionPolicy:
    return load_policy("standard")
