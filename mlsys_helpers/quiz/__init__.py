"""Quizzes: a section's question bank, how an answer is scored, and the notebook's and the terminal's way to ask."""


def quiz(section: str):
    """The quiz of a section as a notebook widget: `quiz("iron_law")`."""
    from mlsys_helpers.quiz.widget import Quiz  # widgets load only when one is shown

    return Quiz(section)
