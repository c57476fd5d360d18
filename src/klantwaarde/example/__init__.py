"""The bundled example company."""

from klantwaarde.example.stories import STORIES, Story
from klantwaarde.example.wholesaler import build_example

__all__ = ["STORIES", "Story", "build_example"]
