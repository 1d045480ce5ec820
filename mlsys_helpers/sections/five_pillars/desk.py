"""The triage game on a card: which buttons there are, what they tell, and the debrief."""

from dataclasses import replace

from mlsys_helpers.kit.game import FINISH, Card, Choice, Move, Rules, Scene
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import percent
from mlsys_helpers.sections.five_pillars import plan, product, triage


def card(seed: int = 3) -> Card:
    """The game of `seed`, or the one that the reader has begun."""
    plan.expected_h()  # the search for the best plan, ahead of the debrief
    return Card(RULES, seed)


def play(game: triage.Game, move: tuple[str, ...]) -> triage.Game:
    """The game after a probe or after the last word."""
    kind, word = move
    if kind == FINISH:
        return game.name(word)
    if word in game.asked:
        raise ValueError(f"{word!r} was asked already and would show the same")
    return game.probe(word)


def scene(game: triage.Game) -> Scene:
    """What the card shows of a game."""
    lost, wanted = game.complaints
    ((low, high),) = triage.usual()["complaints"]
    return Scene(
        symptoms=f"Incident {game.seed}. People miss mail: in the last three weeks {lost} of {wanted} wanted messages "
        f"({percent(lost / wanted)}) went to the spam folder. Healthy releases lose {percent(low)} to {percent(high)}.",
        tally=_tally(game),
        headings={"probe": "Ask the product"},
        moves={
            "probe": tuple(
                Move(name, f"{'✓ ' * (name in game.asked)}{name} ({probe.hours} h)", name not in game.asked)
                for name, probe in triage.PROBES.items()
            )
        },
        found=readings(game) if game.asked else None,
        news=_news(game),
        choices=(Choice("Owner and fix", {f"{c.owner}: {c.fix}": name for name, c in product.CAUSES.items()}),),
        finish="Name it",
        debrief=_debrief(game) if game.named else (),
        table=replayed(game) if game.named else None,
    )


RULES = Rules("five_pillars.triage", "Whose failure is it?", triage.Game, play, scene)


def readings(game: triage.Game) -> Table:
    """What the probes asked so far have found."""
    rows = [(triage.PROBES[name].question, *told) for name, reading in game.readings.items() for told in reading.told]
    return table(("asked", "measured", "found", "100 healthy releases"), rows)


def replayed(game: triage.Game) -> Table:
    """Each step beside what the best plan would have done, knowing the same."""
    steps = (*game.asked, None)
    rows = []
    for n, step in enumerate(steps):
        expected_h, probe, likeliest = plan.advice(triage.Game(game.seed, game.asked[:n]))
        cause = product.CAUSES[likeliest]
        best = f"ask: {probe}" if probe else f"name {cause.owner}: {cause.fix}"
        yours = f"ask: {step}" if step else "name it"
        rows.append((str(n + 1), yours, best, f"{expected_h:.1f}"))
    return table(("step", "you", "the best plan, knowing the same", "hours it then expects"), rows)


def _tally(game: triage.Game) -> str:
    spent = sum(triage.PROBES[name].hours for name in game.asked)
    return (
        f"Spent: {spent} h. Naming the wrong owner costs {triage.WRONG_OWNER_H:g} h more, the right owner with the "
        f"wrong fix {triage.WRONG_CAUSE_H:g} h."
    )


def _news(game: triage.Game) -> str:
    if not game.asked:
        return ""
    told = (" ".join(words) for words in game.readings[game.asked[-1]].told)
    return f"{game.asked[-1]}: {'; '.join(told)}. {_tally(game)}"


def _debrief(game: triage.Game) -> tuple[tuple[str, str, str], ...]:
    cause, named = game.cause, product.CAUSES[str(game.named)]
    penalty = triage.penalty_h(named.name, cause.name)
    verdict, tone = {
        0.0: ("owner and fix are right", "right"),
        triage.WRONG_CAUSE_H: ("the owner is right, the fix is not", "part"),
        triage.WRONG_OWNER_H: ("the wrong owner", "wrong"),
    }[penalty]
    (lost, wanted), (after, _) = game.complaints, game.after
    better = f', {replace(game, named=cause.name).after[0]} with "{cause.fix}"' if penalty else ""
    best_h, _ = plan.expected_h()
    return (
        ("Result:", f"{verdict}. It was {cause.owner}: {cause.story}.", tone),
        ("Complaints:", f"{lost} of {wanted}; {after} with your fix{better}.", ""),
        (
            "Cost:",
            f"{game.hours:g} h, {penalty:g} of them for what you named. The best plan expects {best_h:.1f} h. "
            f"Score: {plan.score(game)} of 100.",
            "",
        ),
    )
