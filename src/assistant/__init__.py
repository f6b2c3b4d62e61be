"""A chat assistant that answers from a forum's documents, by quoting them.

```python
import assistant

with assistant.open("data") as forum:
    forum.ingest("examples/sample-forum")
    print(forum.ask("How do we become a member?").text)
```
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.forum import Forum

__all__ = ["open"]


def open(data: "str | Path | None" = None, **settings: object) -> "Forum":
    """Open the forum whose content lies in a folder; an empty or missing one is a new forum.

    Args:
        data: The folder; without it FORUM_DATA_DIR, or `data`.
        settings: Any of those in docs/configuration.md, such as `chat_model="openai:gpt-5"` for
            FORUM_CHAT_MODEL; they win over the environment.

    Raises SettingsError where a setting is wrong. Models are loaded when they are first needed.
    """
    from assistant.isolation import isolate

    isolate()
    from assistant.forum import Forum
    from assistant.settings import load

    return Forum(load(data_dir=data, **settings))
