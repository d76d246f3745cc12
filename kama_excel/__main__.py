"""`python -m kama_excel` is the command `kama-excel`."""

import sys

try:
    from kama_excel.cli import main
except KeyboardInterrupt:  # before there is anything to say it with
    sys.exit(130)

main()
