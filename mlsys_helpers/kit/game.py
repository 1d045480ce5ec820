"""A game on a card: what everybody sees, moves that cost and tell something, a last word, and a debrief.

    RULES = Rules("five_pillars.triage", "Whose failure is it?", begin=Game, play=play, scene=scene)
    card = Card(RULES, seed=7)
    card.move("probe", "row counts")
    card.finish("labels")

The game itself is the section's: values that never change. `begin(seed)` makes one, `play(game, move)` gives the game
after a move (("probe", "row counts") or ("finish", *choices)) or raises ValueError with a sentence for the reader, and
`scene(game)` says what the card shows of it. The card keeps the seed and the moves in the reader's record and plays
them again when its cell is run again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets

from mlsys_helpers.kit import cards
from mlsys_helpers.kit.mend import LISTS_KEEP_ARROWS, mend
from mlsys_helpers.kit.table import Table
from mlsys_helpers.progress import store

PLAYED, FINISH = "game", "finish"
_STYLE = """<style>
.mlsys-moves { flex-flow: row wrap; gap: 4px; margin: 0 0 8px; }
.mlsys-card .widget-dropdown { width: 100%; margin: 0 0 4px; }
.mlsys-card table.mlsys-grid { border-collapse: collapse; margin: 6px 0; font-size: inherit; }
.mlsys-card table.mlsys-grid :is(th, td) { text-align: left; padding: 2px 10px 2px 0; vertical-align: top;
  border-bottom: 1px solid var(--jp-border-color2, #ddd); line-height: 1.4; }
</style>"""
_MEND = mend("const box = this.closest('.mlsys-card');" + LISTS_KEEP_ARROWS)


@dataclass(frozen=True)
class Move:
    """A button: the word that `play` gets, what is written on it, and whether it can be pressed now."""

    word: str
    label: str
    open: bool = True


@dataclass(frozen=True)
class Choice:
    """A list of the last word, none chosen beforehand: its label, and the options as text shown to word."""

    label: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Scene:
    """What a card shows of a game.

    `moves` are the buttons by kind, under the heading that `headings` gives the kind. `found` is what the moves so far
    told, `news` the last of it in one sentence, for a screen reader. `finish` is written on the last button.
    `debrief`, lines of (lead, text, tone of cards.TONES), stands there once the game is over; until then it is empty.
    """

    symptoms: str
    tally: str
    headings: Mapping[str, str]
    moves: Mapping[str, tuple[Move, ...]]
    found: Table | None = None
    news: str = ""
    choices: tuple[Choice, ...] = ()
    finish: str = "Finish"
    debrief: tuple[tuple[str, str, str], ...] = ()
    table: Table | None = None

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        return bool(self.debrief)


@dataclass(frozen=True)
class Rules:
    """A section's game: its id "section.name", a title, and the three functions of the module's docstring."""

    id: str
    title: str
    begin: Callable[[int], Any]
    play: Callable[[Any, tuple[str, ...]], Any]
    scene: Callable[[Any], Scene]


@dataclass
class _Place:
    """Where a game stands: enough to play it again."""

    seed: int
    moves: list[tuple[str, ...]] = field(default_factory=list)


class Card(widgets.VBox):
    """A game to be played with buttons and lists; `game` is the game as it stands."""

    _place: _Place
    _scene: Scene

    def __init__(self, rules: Rules, seed: int):
        self.rules, self._first_seed = rules, seed
        self._symptoms, self._tally, self._said = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._found, self._end = widgets.HTML(), widgets.HTML()
        self._moves, self._last = widgets.VBox(), widgets.VBox()
        self.again = _button("Begin again", lambda _: self.restart())
        self.other = _button("Another incident", lambda _: self.restart(self._place.seed + 1))
        foot = widgets.HBox([self.again, self.other])
        foot.add_class("mlsys-moves")
        parts = [self._symptoms, self._moves, self._tally, self._found, self._last, self._said, self._end, foot]
        super().__init__([widgets.HTML(cards.STYLE + _STYLE), *parts, widgets.HTML(_MEND)])
        self.add_class("mlsys-card")
        self._restore()

    def move(self, kind: str, word: str) -> None:
        """Make one move, keep it, and show what it told; a move that the rules forbid is explained instead."""
        self._do((kind, word))

    def finish(self, *words: str) -> None:
        """Say the last word."""
        self._do((FINISH, *words))

    def restart(self, seed: int | None = None) -> None:
        """Begin the game of `seed` (default: the same one) from its first state."""
        self._place = _Place(self._place.seed if seed is None else seed)
        self.game = self.rules.begin(self._place.seed)
        self._keep()
        self._build()
        self._say(f"A game begins. {self._scene.symptoms}")

    @property
    def scene(self) -> Scene:
        """What the card shows now."""
        return self._scene

    def html(self) -> str:
        """The game as it begins, whatever has been played."""
        scene = self.rules.scene(self.rules.begin(self._first_seed))
        moves = "".join(
            f"<p><b>{cards.rich(scene.headings[kind])}</b></p>{cards.listed(move.label for move in moves)}"
            for kind, moves in scene.moves.items()
        )
        return cards.static(self.rules.title, f"<p>{cards.rich(scene.symptoms)}</p>{moves}")

    def text(self) -> str:
        """The same in plain text."""
        scene = self.rules.scene(self.rules.begin(self._first_seed))
        lines = [f"{self.rules.title} {scene.symptoms}"]
        for kind, moves in scene.moves.items():
            lines += [scene.headings[kind], *(f"- {move.label}" for move in moves)]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs):
        return cards.bundle(super()._repr_mimebundle_(**kwargs), self.html(), self.text())

    def _do(self, move: tuple[str, ...]) -> None:
        try:
            self.game = self.rules.play(self.game, move)
        except ValueError as problem:
            self._said.value = cards.said("", str(problem), "part", announce=True)
            return
        self._place.moves.append(move)
        self._keep()
        self._show()
        self._say(self._scene.debrief[0][1] if self._scene.over else self._scene.news)
        self._focus(move)

    def _keep(self) -> None:
        store.record(PLAYED, self.rules.id, {"seed": self._place.seed, "moves": [list(m) for m in self._place.moves]})

    def _restore(self) -> None:
        """Play again what the record holds; where the rules no longer allow it, begin anew and say so."""
        kept = store.latest(PLAYED, self.rules.id)
        self._place, trouble = _Place(kept.payload["seed"] if kept else self._first_seed), ""
        self.game = self.rules.begin(self._place.seed)
        try:
            for move in map(tuple, kept.payload["moves"] if kept else ()):
                self.game = self.rules.play(self.game, move)
                self._place.moves.append(move)
        except ValueError as problem:
            trouble = f"The game you had begun cannot be played on ({problem}). It begins again."
            self._place = _Place(self._first_seed)
            self.game = self.rules.begin(self._first_seed)
        self._build()
        self._said.value = cards.said("Take note:", trouble, "part") if trouble else ""

    def _build(self) -> None:
        """Buttons and lists, made once for each game; `_show` sets what changes."""
        scene = self.rules.scene(self.game)
        self.buttons = {
            (kind, move.word): _button(move.label, lambda _, kind=kind, word=move.word: self.move(kind, word))
            for kind, moves in scene.moves.items()
            for move in moves
        }
        rows = []
        for kind, moves in scene.moves.items():
            row = widgets.HBox([self.buttons[kind, move.word] for move in moves])
            row.add_class("mlsys-moves")
            rows += [widgets.HTML(f"<p><b>{cards.rich(scene.headings[kind])}</b></p>"), row]
        self._moves.children = tuple(rows)
        self.lists = [_list(choice) for choice in scene.choices]
        self.finish_button = _button(scene.finish, lambda _: self._finish(), "primary")
        self._last.children = (*self.lists, widgets.HBox([self.finish_button]))
        self._show()

    def _finish(self) -> None:
        words = [one.value for one in self.lists]
        if not all(words):
            self._said.value = cards.said("", "Choose from every list first.", announce=True)
            return
        self.finish(*words)

    def _show(self) -> None:
        scene = self._scene = self.rules.scene(self.game)
        self._symptoms.value = cards.head(self.rules.title) + f"<p>{cards.rich(scene.symptoms)}</p>"
        self._tally.value = f'<p class="mlsys-aside">{cards.rich(scene.tally)}</p>'
        for kind, moves in scene.moves.items():
            for move in moves:
                button = self.buttons[kind, move.word]
                button.description, button.disabled = move.label, scene.over or not move.open
        for control in (*self.lists, self.finish_button):
            control.disabled = scene.over
        self._found.value = _grid(scene.found)
        self._end.value = "".join(cards.said(*line) for line in scene.debrief) + _grid(scene.table)

    def _say(self, words: str) -> None:
        trouble = cards.said("Take note:", store.trouble(), "part") if store.trouble() else ""
        self._said.value = cards.unseen(words) + trouble

    def _focus(self, move: tuple[str, ...]) -> None:
        """A button that can no longer be pressed hands the focus to the next one that can."""
        if self._scene.over:
            self.other.focus()
            return
        places = list(self.buttons)
        here = places.index(move) if move in places else 0
        following = [self.buttons[place] for place in places[here:] + places[:here]]
        next((b for b in following if not b.disabled), self.finish_button).focus()


def _list(choice: Choice) -> widgets.Dropdown:
    options = [("Choose", ""), *choice.options.items()]  # None would be shown as an empty line
    style = {"description_width": "initial"}
    return widgets.Dropdown(options=options, description=choice.label, style=style)


def _button(label: str, act: Callable, style: str = "") -> widgets.Button:
    button = widgets.Button(description=label, button_style=style)
    button.on_click(act)
    return button


def _grid(table: Table | None) -> str:
    """A table as HTML."""
    if table is None:
        return ""
    heads = "".join(f'<th scope="col">{cards.rich(cell)}</th>' for cell in table.heads)
    rows = "".join(f"<tr>{''.join(f'<td>{cards.rich(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f'<table class="mlsys-grid"><tr>{heads}</tr>{rows}</table>'
