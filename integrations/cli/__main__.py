"""`python -m integrations.cli`, the same as `compliance`."""

from integrations.cli import main

main()
