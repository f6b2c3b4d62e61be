"""`python -m assistant`: the same as `python app.py`."""

import sys

try:
    from assistant import cli
except KeyboardInterrupt:  # what is loaded takes a second or two
    sys.stderr.write("interrupted\n")
    sys.exit(130)

if __name__ == "__main__":
    cli.run()
