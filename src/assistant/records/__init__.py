"""What staff and members leave behind: accounts, kept questions, answers by hand, edits."""
