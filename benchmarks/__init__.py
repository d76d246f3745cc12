"""What a run costs, measured on a large made-up city beside an afternoon's script: `python -m benchmarks --help`."""
