"""The records of one database together."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from assistant.records.accounts import Accounts
from assistant.records.database import Database
from assistant.records.edits import EditStore
from assistant.records.erasures import Erasure, Erasures
from assistant.records.feedback import Feedback
from assistant.records.golden import GoldenStore
from assistant.records.hand_answers import HandAnswerStore
from assistant.records.history import History
from assistant.records.questions import QuestionLog


@dataclass(frozen=True, slots=True)
class Records:
    """What staff and members leave behind."""

    questions: QuestionLog
    feedback: Feedback
    hand_answers: HandAnswerStore
    golden: GoldenStore
    accounts: Accounts
    history: History
    edits: EditStore
    erasures: Erasures

    @classmethod
    def of(cls, database: Database, keep_questions: int = 0) -> Self:
        """Return those of a database; questions are kept for so many days, 0 for none."""
        return cls(
            questions=QuestionLog(database, keep_questions),
            feedback=Feedback(database, keeps_questions=keep_questions > 0),
            hand_answers=HandAnswerStore(database),
            golden=GoldenStore(database),
            accounts=Accounts(database),
            history=History(database),
            edits=EditStore(database),
            erasures=Erasures(database.folder),
        )

    def erase_questions(self, *, before: date | None = None, holding: str = "") -> int:
        """Erase what members typed, all or what is meant; return how many. Raises RecordsError.

        Nothing of them is in any file of the records afterwards; their numbers are, so that a
        backup of before can be told what to erase.
        """
        self.erasures.note(
            self.questions.meant(before=before, holding=holding),
            self.feedback.meant(before=before, holding=holding),
        )
        erased = self.questions.erase(before=before, holding=holding)
        return erased + self.feedback.erase(before=before, holding=holding)

    def erase_again(self, erasure: Erasure) -> int:
        """Erase what was erased elsewhere before; return how many. Raises RecordsError."""
        return sum(self.questions.erase_between(*each) for each in erasure.questions) + sum(
            self.feedback.erase_between(*each) for each in erasure.ratings
        )

    def erase_what_is_old(self) -> None:
        """Erase what was kept for as long as it may be. Raises RecordsError."""
        self.questions.erase_what_is_old()
        self.feedback.erase_what_is_old(self.questions.days)
