"""``python -m klantwaarde_addin``: the subcommands of ``klantwaarde addin``."""

from klantwaarde_addin.cli import main

raise SystemExit(main())
