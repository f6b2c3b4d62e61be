"""Errors of the assistant: one class per port, refined by the adapter behind it.

AssistantError
├── SettingsError                a setting is unknown, missing or unusable
├── QuestionError                the question itself cannot be taken
├── InputError                   a file given on the command line cannot be used
├── StoreError                   refined in vectorstore.errors
├── RecordsError                 what staff and members left cannot be read or written
├── BackupError                  a backup cannot be made, or what is in one cannot be restored
├── SignOnError                  somebody is not signed in by a provider, with the reason
├── ChatModelError               the chat model cannot be reached, refuses or breaks off
├── ModelError                   refined in vectorstore.errors
├── ServerError                  the web server cannot start
└── IngestError                  refined in ingest.errors

Every message names the culprit and the remedy, in words fit for the person at the terminal or
the page: `app` prints it and exits with 1, the pages show it.
"""


class AssistantError(Exception):
    """Base of every error this project raises on purpose."""


class SettingsError(AssistantError):
    """A setting is unknown, missing or unusable; the message lists every fault at once."""


class QuestionError(AssistantError):
    """The question is empty or too long; nothing was searched."""


class InputError(AssistantError):
    """A file given on the command line cannot be used."""


class StoreError(AssistantError):
    """The published content could not be read or written; finding nothing is not an error."""


class RecordsError(AssistantError):
    """What staff and members left behind cannot be read or written."""


class BackupError(AssistantError):
    """A backup cannot be made or restored; what was there before is untouched."""


class SignOnError(AssistantError):
    """A sign-in provider did not sign somebody in, or its answer cannot be trusted."""


class ModelError(AssistantError):
    """A model could not be loaded or used."""


class ChatModelError(AssistantError):
    """The chat model could not be reached, refused or broke off; the answer is quoted instead."""


class ServerError(AssistantError):
    """The web server cannot start."""


class IngestError(AssistantError):
    """Documents could not be brought in; what was published before is untouched."""
