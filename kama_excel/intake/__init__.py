"""The input folder: its months, what lies in them, and opening a file that may be broken."""
