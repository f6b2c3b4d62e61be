"""The command line: `python app.py COMMAND`. What the commands do is in `assistant.cli`."""

import sys

try:
    from assistant import cli
except ModuleNotFoundError:
    sys.exit("error: not installed yet; run `make install`, then `.venv/bin/python app.py`")
except KeyboardInterrupt:  # what is loaded takes a second or two
    sys.stderr.write("interrupted\n")
    sys.exit(130)

if __name__ == "__main__":
    cli.run()
