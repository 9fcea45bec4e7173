"""``python -m greenroom_hub``: the command line."""

from greenroom_hub.cli import main

main()
