"""What can be said of an attempt at a quiz: by topic, and of its time. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codezest.services.learning.analysers.analyser import Note, note

STRONG, WEAK = 80, 60
"""Percent from which a topic is strong, and below which it is weak."""
MOST_TOPICS = 4
"""Named in sentences; the breakdown has them all."""
UNEVEN = 3
"""A question that took so many times the average stands out, if it took `LONG` at least."""
LONG = 60
HASTY = 8
"""Seconds a question below which nobody has read it twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One question of an attempt, in the order in which it was shown."""

    topic: str
    points: float
    max_points: float
    right: bool
    answered: bool
    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptAnalysis:
    breakdown: Mapping[str, Mapping[str, Any]]
    strong: list[str]
    weak: list[str]
    """The weakest first."""
    insights: list[Note]
    average_seconds: int | None
    time_management: Note


def analyse_answers(answers: Sequence[Answered], *, seconds_taken: int | None, ran_out: bool) -> AttemptAnalysis:
    """Everything but the recommendations, which need to know what there is to read."""
    breakdown = {
        topic: _of_topic([one for one in answers if one.topic == topic])
        for topic in dict.fromkeys(one.topic for one in answers)
    }
    percents = {topic: int(found["percent"]) for topic, found in breakdown.items()}
    strong = sorted(
        (topic for topic, percent in percents.items() if percent >= STRONG), key=lambda t: (-percents[t], t)
    )
    weak = sorted((topic for topic, percent in percents.items() if percent < WEAK), key=lambda t: (percents[t], t))
    average = _average(answers, seconds_taken)
    return AttemptAnalysis(
        breakdown=breakdown,
        strong=strong,
        weak=weak,
        insights=[*_insights(answers, percents, strong, weak)],
        average_seconds=average,
        time_management=_time(answers, average, ran_out=ran_out),
    )


def _of_topic(answers: Sequence[Answered]) -> dict[str, Any]:
    possible = sum(one.max_points for one in answers)
    earned = max(0.0, sum(one.points for one in answers))
    seconds = [one.seconds for one in answers if one.seconds is not None]
    return {
        "percent": min(100, int(100 * earned // possible)) if possible else 0,
        "points": round(earned, 2),
        "max_points": round(possible, 2),
        "questions": len(answers),
        "right": sum(one.right for one in answers),
        "seconds": sum(seconds) if seconds else None,
    }


def _insights(
    answers: Sequence[Answered], percents: Mapping[str, int], strong: Sequence[str], weak: Sequence[str]
) -> list[Note]:
    found: list[Note] = []
    if len(percents) > 1 and len(strong) == len(percents):
        found.append(note("quiz-all-strong"))
    else:
        found += [note("quiz-strong", topic=topic, percent=percents[topic]) for topic in strong[:MOST_TOPICS]]
    found += [note("quiz-weak", topic=topic, percent=percents[topic]) for topic in weak[:MOST_TOPICS]]
    left_out = sum(not one.answered for one in answers)
    if left_out:
        found.append(note("quiz-unanswered", count=left_out))
    return found


def _average(answers: Sequence[Answered], seconds_taken: int | None) -> int | None:
    known = [one.seconds for one in answers if one.seconds is not None]
    if known:
        return round(sum(known) / len(known))
    return round(seconds_taken / len(answers)) if seconds_taken is not None and answers else None


def _time(answers: Sequence[Answered], average: int | None, *, ran_out: bool) -> Note:
    if not average:  # nobody reads a question in no time: the answers came otherwise
        return note("time-unknown")
    if ran_out:
        return note("time-ran-out", average=average)
    known = [(one.seconds, place) for place, one in enumerate(answers, 1) if one.seconds is not None]
    most, place = max(known, default=(0, 0))
    if len(known) > 1 and most >= LONG and most > UNEVEN * average:
        return note("time-uneven", average=average, most=most, question=place)
    quick = [one for one in answers if one.answered and one.seconds is not None and one.seconds < HASTY]
    if len(quick) > 1 and sum(not one.right for one in quick) * 2 > len(quick):
        return note("time-hasty", average=average)
    return note("time-even", average=average)
