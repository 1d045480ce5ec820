"""A card of a small game: guess whether a hidden number is even, with probes that cost."""

from dataclasses import dataclass, replace

import pytest

from mlsys_helpers.kit.game import Card, Choice, Move, Rules, Scene
from mlsys_helpers.kit.table import table
from mlsys_helpers.progress import store

PROBES = {"last bit": 3, "size": 1}


@dataclass(frozen=True)
class Guess:
    """A hidden number (the seed), what was asked, and the last word."""

    seed: int
    asked: tuple[str, ...] = ()
    said: str = ""


def play(game, move):
    kind, word = move
    if game.said:
        raise ValueError("this game is over")
    if kind == "finish":
        return replace(game, said=word)
    if word not in PROBES or word in game.asked:
        raise ValueError(f"{word!r} cannot be asked")
    return replace(game, asked=(*game.asked, word))


def scene(game):
    found = [(name, "odd" if game.seed % 2 else "even") for name in game.asked]
    verdict = "right" if game.said == ("odd" if game.seed % 2 else "even") else "wrong"
    return Scene(
        symptoms="A number is <hidden>.",
        tally=f"{sum(PROBES[name] for name in game.asked)} h spent.",
        headings={"probe": "Ask"},
        moves={"probe": tuple(Move(n, f"{n} ({h} h)", n not in game.asked) for n, h in PROBES.items())},
        found=table(("probe", "told"), found) if found else None,
        news=" ".join(found[-1]) if found else "",
        choices=(Choice("It is", {"an even one": "even", "an odd one": "odd"}),),
        finish="Say it",
        debrief=(("Result:", f"You were {verdict}.", verdict),) if game.said else (),
    )


RULES = Rules("sample.guess", "Odd or even?", Guess, play, scene)


def test_a_move_is_made_with_a_button_shown_announced_and_cannot_be_made_again():
    card = Card(RULES, 7)
    card.buttons["probe", "last bit"].click()
    assert card.game == Guess(7, ("last bit",))
    assert "3 h spent" in card._tally.value and "<td>odd</td>" in card._found.value
    assert 'role="alert"' in card._said.value and "last bit odd" in card._said.value
    assert card.buttons["probe", "last bit"].disabled and not card.buttons["probe", "size"].disabled


def test_the_last_word_needs_a_choice_and_ends_the_game():
    card = Card(RULES, 7)
    card.finish_button.click()
    assert "Choose from every list" in card._said.value and not card.scene.over
    card.lists[0].value = "even"
    card.finish_button.click()
    assert card.scene.over and "You were wrong." in card._end.value
    assert card.finish_button.disabled and all(button.disabled for button in card.buttons.values())


def test_the_game_is_found_again_and_another_one_can_begin():
    Card(RULES, 7).move("probe", "size")
    again = Card(RULES, 7)
    assert again.game == Guess(7, ("size",)) and "alert" not in again._said.value
    again.other.click()
    assert again.game == Guess(8) and Card(RULES, 7).game == Guess(8)
    again.move("probe", "size")
    again.again.click()
    assert again.game == Guess(8)


def test_a_forbidden_move_is_explained_and_not_kept():
    card = Card(RULES, 7)
    card.move("probe", "colour")
    assert "'colour' cannot be asked" in card._said.value
    assert card.game == Guess(7) and store.history("game") == []


def test_a_record_that_the_rules_no_longer_allow_begins_anew_and_says_so():
    store.record("game", "sample.guess", {"seed": 9, "moves": [["probe", "colour"]]})
    card = Card(RULES, 7)
    assert card.game == Guess(7) and "begins again" in card._said.value


def test_the_static_form_is_the_first_state_whatever_was_played():
    card = Card(RULES, 7)
    before = card.html(), card.text()
    card.move("probe", "size")
    assert (card.html(), card.text()) == before
    bundle = card._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "&lt;hidden&gt;" in bundle["text/html"] and "last bit (3 h)" in bundle["text/plain"]


@pytest.mark.parametrize("word", ["even", "odd"])
def test_the_list_offers_every_choice_by_its_text(word):
    card = Card(RULES, 7)
    assert word in dict(card.lists[0].options).values() and card.lists[0].label == "Choose"
