"""``python -m splw_eval``."""

from splw_eval.cli import main

if __name__ == "__main__":
    main()
