"""``python -m klantwaarde``."""

from klantwaarde.cli import main

raise SystemExit(main())
