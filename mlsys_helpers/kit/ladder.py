"""A ladder: on which rung a reader stands for each of some goals, rated before and after, and set side by side.

The first rating "before" is kept for ever; "after" may be given again, and the latest counts. The card for "after"
shows the earlier rating only once the later one is stored, so that it does not sway it.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import ipywidgets as widgets

from mlsys_helpers.kit import cards
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.progress import store

RATED, BEFORE, AFTER = "rate", "before", "after"
RUNGS = ("new to me", "heard of it", "can follow it", "can do it", "can teach it")
TITLES = {BEFORE: "Where do you stand now?", AFTER: "Where do you stand after it?"}


@dataclass(frozen=True)
class Goal:
    """Something to be able to do: a name to store ratings under, the text, and where it is learnt."""

    name: str
    text: str
    where: str


def ratings(when: str) -> dict[str, int]:
    """The rung, 0 to 4, that counts for each goal "before" or "after"; empty where none was given."""
    find = {BEFORE: store.first, AFTER: store.latest}[one_of("time", when, TITLES)]
    event = find(RATED, when)
    return dict(event.payload) if event else {}


class Ladder(widgets.VBox):
    """The card that asks for one rung for each goal, `when` being "before" or "after"."""

    def __init__(self, when: str, goals: Sequence[Goal]):
        self.when, self.goals = one_of("time", when, TITLES), tuple(goals)
        self.rungs = {goal.name: _rungs() for goal in self.goals}
        self.button = widgets.Button(description="Keep", button_style="primary")
        self.button.on_click(lambda _: self.keep())
        self.said = widgets.HTML(layout=widgets.Layout(min_height="44px"))
        rows = [part for goal in self.goals for part in (widgets.HTML(_asked(goal)), self.rungs[goal.name])]
        head = [widgets.HTML(cards.STYLE), widgets.HTML(cards.head(TITLES[when]))]
        super().__init__([*head, *rows, widgets.HBox([self.button]), self.said, widgets.HTML(cards.MEND)])
        self.add_class("mlsys-card")
        self._restore(announce=False)

    def keep(self) -> None:
        """Store the rungs, all at once, and say so; "before" is stored once only."""
        if self.when == AFTER or not ratings(BEFORE):
            chosen = {name: radio.index for name, radio in self.rungs.items()}
            if None in chosen.values():
                missing = sum(rung is None for rung in chosen.values())
                self.said.value = cards.said("", f"Choose a rung for each goal: {missing} to go.", announce=True)
                return
            store.record(RATED, self.when, chosen)
        self._restore(announce=True)

    def _restore(self, announce: bool) -> None:
        kept = ratings(self.when)
        if not kept:
            return
        for name, radio in self.rungs.items():
            radio.index = kept.get(name)
            radio.disabled = self.when == BEFORE
        if self.when == BEFORE:
            self.button.description = "Kept"  # not disabled: the keyboard would lose its place
            told = cards.said("Kept.", "At the end of this page you rate yourself again.", announce=announce)
        else:
            told = cards.said("Kept.", self.change(), announce=announce) + self._side_by_side()
        self.said.value = told + (cards.said("Take note:", store.trouble(), "part") if store.trouble() else "")

    def change(self) -> str:
        """How many rungs were climbed, in words."""
        before, after = ratings(BEFORE), ratings(AFTER)
        both = [name for name in self.rungs if name in before and name in after]
        if not both:
            return "There is no earlier rating to set beside it."
        higher = sum(after[name] > before[name] for name in both)
        lower = sum(after[name] < before[name] for name in both)
        return f"Higher than before on {higher} of {len(both)} goals, lower on {lower}."

    def _side_by_side(self) -> str:
        before, after = ratings(BEFORE), ratings(AFTER)
        rows = "".join(
            f'<tr><th scope="row" style="{_CELL} font-weight: normal">{html.escape(goal.text)}</th>'
            f'<td style="{_CELL} white-space: nowrap">{_said(before.get(goal.name))}</td>'
            f'<td style="{_CELL} white-space: nowrap">{_said(after.get(goal.name))}</td></tr>'
            for goal in self.goals
        )
        heads = "".join(f'<th scope="col" style="{_CELL}">{head}</th>' for head in ("goal", BEFORE, AFTER))
        return f'<table style="border-collapse: collapse"><tr>{heads}</tr>{rows}</table>'

    def html(self) -> str:
        """The goals and the rungs, as they are asked."""
        goals = "".join(f"<li>{_asked(goal)}</li>" for goal in self.goals)
        return cards.static(TITLES[self.when], f"<ul>{goals}</ul><p>For each: {', '.join(_numbered())}.</p>")

    def text(self) -> str:
        """The same in plain text."""
        goals = (f"- {goal.text} ({goal.where})" for goal in self.goals)
        return "\n".join([TITLES[self.when], *goals, f"For each: {', '.join(_numbered())}."])

    def _repr_mimebundle_(self, **kwargs):
        return cards.bundle(super()._repr_mimebundle_(**kwargs), self.html(), self.text())


_CELL = "text-align: left; vertical-align: top; padding: 2px 12px 2px 0;"


def _numbered() -> list[str]:
    return [f"{rung} {words}" for rung, words in enumerate(RUNGS)]


def _rungs() -> widgets.RadioButtons:
    return widgets.RadioButtons(options=_numbered(), value=None, orientation="horizontal")


def _asked(goal: Goal) -> str:
    where = f'<span class="mlsys-aside" style="white-space: nowrap">({html.escape(goal.where)})</span>'
    return f"{html.escape(goal.text)} {where}"


def _said(rung: int | None) -> str:
    return "not rated" if rung is None else _numbered()[rung]
