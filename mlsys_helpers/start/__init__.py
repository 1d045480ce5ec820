"""The start page: the chapter's goals, three walls of the reader's own computer, and how much is in flight at once."""
