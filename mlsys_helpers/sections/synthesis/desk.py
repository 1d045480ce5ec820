"""The incident on a card and in plain code: what is seen before looking, what looks tell, and the debrief."""

from mlsys_helpers.kit.game import Card, Choice, Rules, Scene
from mlsys_helpers.kit.game import Move as Button
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import number, percent
from mlsys_helpers.sections.synthesis import incident as incidents
from mlsys_helpers.sections.synthesis import model
from mlsys_helpers.sections.synthesis.game import AXES, PASS, Debrief, Game, Step, before, debrief, play
from mlsys_helpers.sections.synthesis.incident import CAUSES, FIXES, Incident
from mlsys_helpers.sections.synthesis.probes import PROBES, Reading

MODELS = {"gpt2": "GPT-2", "gpt2_xl": "GPT-2 XL"}


def card(seed: int = 2) -> Card:
    """The incident of `seed`, or the one that the reader has begun."""
    return Card(RULES, seed)


def scene(game: Game) -> Scene:
    """What the card shows of a game."""
    drawn, told = game.incident, debrief(game) if game.said else None
    return Scene(
        symptoms=alarms(drawn),
        tally=f"{game.hours_left:g} of {incidents.BUDGET_HOURS} hours left. Fixes chosen: {_joined(game.fixes)}.",
        headings={"probe": "Look (hours)", "fix": "Do (hours, EUR for the month)"},
        moves={
            "probe": tuple(
                Button(name, f"{name} ({probe.hours:g} h)", probe.hours <= game.hours_left)
                for name, probe in PROBES.items()
            ),
            "fix": tuple(Button(name, _priced(name, drawn), _possible(game, name)) for name in FIXES),
        },
        found=readings(game),
        news=_news(game),
        choices=(
            Choice("Most of a request's time is", {part: part for part in model.PARTS}),
            Choice("What made it slow sits in", {axis: axis for axis in AXES}),
            Choice("What made it wrong sits in", {axis: axis for axis in AXES}),
        ),
        finish="Close the incident",
        debrief=_verdicts(told) if told else (),
        table=debriefed(told) if told else None,
    )


RULES = Rules("synthesis.incident", "Two alarms, one budget", Game, play, scene)


# Before looking


def alarms(drawn: Incident) -> str:
    """The two alarms, and what is known of the service without looking."""
    was = drawn.healthy
    late = incidents.outcome(drawn, [()]).late[0]
    return (
        f"Incident {drawn.seed}, simulated. {MODELS[was.workload]} on one {was.chip.replace('_', ' ')}, "
        f"{was.precision}, batches of up to {was.batch}. First alarm: {percent(late)} of answers take more than "
        f"{1000 * model.DEADLINE_S:g} ms (allowed: {percent(model.LATE_ALLOWED)}). Second alarm: accuracy is below "
        f"{percent(drawn.floor, 3)} (best so far: {percent(was.accuracy_0, 3)}). The last release brought "
        f"{100 * drawn.release_gain:.1f} points of accuracy; rolling back gives them up."
    )


def papers(seed: int) -> Table:
    """What is known without looking: the service as it was a month ago, the promises, and what things are worth."""
    drawn = incidents.incident(seed)
    was = drawn.healthy
    rows = (
        ("model and chip", f"{MODELS[was.workload]} in {was.precision} on {was.replicas} {was.chip.replace('_', ' ')}"),
        ("batches", f"up to {was.batch} requests, as soon as the chip is free"),
        ("prompt", f"{was.prompt_tokens:.0f} tokens on average, after {was.shared_tokens:.0f} shared ones, cached"),
        ("reply", f"{was.reply_tokens} tokens, each a step of {1000 * was.step_latency_s:.2f} ms at least"),
        ("traffic", f"{number(was.requests_per_s)} requests a second"),
        ("accuracy", f"{percent(was.accuracy_0, 3)}, less {number(was.sensitivity, 2)} for each nat of drift"),
        (
            "last release",
            f"brought {100 * drawn.release_gain:.1f} points of accuracy, which a roll-back gives up",
        ),
        (
            "promises",
            f"p99 within {1000 * model.DEADLINE_S:g} ms; {percent(drawn.floor, 3)} right on average over the month",
        ),
        ("a broken promise", f"{incidents.CREDIT_EUR:,.0f} EUR"),
        (
            "a right answer",
            f"{1000 * drawn.worth_eur:.2f} EUR for a thousand; a wrong one costs {incidents.WRONG_COSTS} times "
            "as much, a late one nothing",
        ),
        ("an hour of work", f"{incidents.EUR_PER_HOUR:g} EUR"),
        (
            "retraining",
            f"{was.label_days:g} days for labels, then one day rented, or {number(model.retraining_days(was), 2)} days "
            "here at half speed",
        ),
    )
    return table(("what", "on paper"), rows)


def fixes(seed: int) -> Table:
    """What can be done in an incident, and what it costs besides hours: rent, labels and training, for the month."""
    drawn = incidents.incident(seed)
    rows = ((f.name, f"{f.hours:g}", f"{f.eur(drawn, drawn.broken):,.0f}", f.does) for f in FIXES.values())
    return table(("fix", "hours", "EUR", "what it does"), rows)


# Looking


def look(seed: int, *probes: str) -> Table:
    """What these probes tell of an incident, beside what they told a month ago."""
    return readings(Game(seed).probe(*probes))


def readings(game: Game) -> Table:
    """What was looked at so far, the latest reading of each probe."""
    rows = [
        (name, reading.replace("_", " "), number(then[reading]), number(value))
        for name, told in game.readings().items()
        for then in (before(game.incident, name),)
        for reading, value in told.items()
    ]
    return table(("looked at", "reading", "a month ago", "now"), rows or [("nothing yet", "", "", "")])


def _told(reading: Reading) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number(value)}" for name, value in reading.items())


def _news(game: Game) -> str:
    if not game.moves:
        return ""
    kind, name = game.moves[-1]
    told = _told(game.reading(len(game.moves) - 1)) if kind == "probe" else "chosen"
    return f"{name}: {told}. {game.hours_left:g} hours left."


def _priced(name: str, drawn: Incident) -> str:
    fix = FIXES[name]
    eur = fix.eur(drawn, drawn.broken)
    return f"{name} ({fix.hours:g} h{f', {eur:,.0f} EUR' if eur else ''})"


def _possible(game: Game, name: str) -> bool:
    groups = {FIXES[chosen].group for chosen in game.fixes} - {""}
    return name not in game.fixes and FIXES[name].group not in groups and FIXES[name].hours <= game.hours_left


# Afterwards


def debriefed(told: Debrief) -> Table:
    """Step by step: what you did, what it told, whether the best plan has it, and what it closed off."""
    rows = [
        (_did(step), f"{_hours(step):g}", _told(step.told), _best(step, told), _eur(step.lost_eur))
        for step in told.steps
    ]
    missing = _joined(name for name in told.best if name not in told.fixes)
    rows.append(
        ("stop", "", "", f"would go on: {missing}" if missing != "none" else "stops, too", _eur(told.stopped_early_eur))
    )
    rows.append(("in all", "", "", _joined(told.best), _eur(told.regret_eur)))
    return table(("your step", "hours", "what it told", "the best plan", "closed off, EUR"), rows)


def _verdicts(told: Debrief) -> tuple[tuple[str, str, str], ...]:
    slow, wrong = (CAUSES[name] for name in told.causes)
    words = [
        f"{name}: {truth}" + ("" if said == truth else f", not {said}")
        for name, said, truth in (
            ("most of the time", told.said.part, told.truth.part),
            ("slow", told.said.slow_axis, told.truth.slow_axis),
            ("wrong", told.said.wrong_axis, told.truth.wrong_axis),
        )
    ]
    enough = told.share_of_gain >= PASS
    return (
        (
            "The month:",
            f"{told.earned_eur:,.0f} EUR; without you {told.idle_eur:,.0f}, with the best plan {told.best_eur:,.0f}. "
            f"You reached {percent(max(0.0, told.share_of_gain))} of what could be gained ({percent(PASS)} is enough). "
            f"{percent(told.late)} of answers late, accuracy {percent(told.accuracy, 3)}.",
            "right" if enough else "wrong",
        ),
        ("The diagnosis:", f"{'; '.join(words)}.", "right" if told.said == told.truth else "wrong"),
        ("The causes:", f"{slow.name} ({slow.story}), and {wrong.name} ({wrong.story}).", ""),
    )


def _did(step: Step) -> str:
    return {"probe": "look: ", "fix": "do: "}[step.move[0]] + step.move[1]


def _hours(step: Step) -> float:
    return {**PROBES, **FIXES}[step.move[1]].hours


def _best(step: Step, told: Debrief) -> str:
    kind, name = step.move
    return "need not look" if kind == "probe" else "does it, too" if name in told.best else "does not"


def _joined(names) -> str:
    return " + ".join(names) or "none"


def _eur(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 0.5 else "0"
