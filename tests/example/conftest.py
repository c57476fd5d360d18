import pytest

from klantwaarde.example import build_example


@pytest.fixture(scope="session")
def example():
    return build_example()
