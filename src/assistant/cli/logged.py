"""`python -m assistant.cli.logged`: any command, each line that it prints being one of the log.

The server starts its runs so where its own log is one for programs.
"""

from assistant import cli
from assistant.web import monitoring

if __name__ == "__main__":
    monitoring.keep_log("json")
    cli.run()
