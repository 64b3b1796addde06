"""The command line: parses, calls, prints."""

from splw_eval.cli.main import main

__all__ = ["main"]
