"""`python -m assistant`: the same as `python app.py`."""

from assistant import cli

if __name__ == "__main__":
    cli.run()
