"""`python -m kama_excel` is the command `kama-excel`."""

from kama_excel.cli import main

main()
