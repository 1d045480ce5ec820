"""What the chapter is for: its five learning objectives, in our words, for readers to rate themselves on."""

from mlsys_helpers.kit.ladder import Goal, Ladder

GOALS = (
    Goal(
        "learned",
        "Tell a learned program from a written one: what decides how it behaves, and what decides where it can run",
        "1.1, 1.4",
    ),
    Goal("axes", "Find out whether data, algorithm or machine holds a system back", "1.4, 1.7, 1.14"),
    Goal("history", "Retell how AI went from rules to learning, and why computing so often won", "1.2, 1.3"),
    Goal(
        "law",
        "Work out how long a job takes, what limits it, and what a faster part or a bigger model would buy",
        "1.6, 1.7, 1.13",
    ),
    Goal(
        "whole",
        "Judge a system as a whole: how it is run, where it runs, how it decays, and who answers for which part",
        "1.5, 1.8 to 1.14",
    ),
)


def rate(when: str) -> Ladder:
    """The ladder of the five goals, "before" the chapter or "after" it."""
    return Ladder(when, GOALS)
