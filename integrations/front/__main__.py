"""`python -m integrations.front DESCRIPTOR`: begun by the service, with a socket to it."""

from integrations.front.process import main

main()
