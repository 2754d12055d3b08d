"""`python -m integrations.cli`, the same as `compliance`."""

from integrations.cli import main

if __name__ == "__main__":
    # A process started by a scan reads this file too, and must not run the command again.
    main()
