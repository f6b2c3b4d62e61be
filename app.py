"""The command line: `python app.py COMMAND`. What the commands do is in `assistant.cli`."""

import sys

try:
    from assistant import cli
except ModuleNotFoundError:
    sys.exit("error: not installed yet; run `make install`, then `.venv/bin/python app.py`")

if __name__ == "__main__":
    cli.run()
