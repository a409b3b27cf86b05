"""Mutation testing of assignments: which small mistakes would their tests let pass?"""

from codezest.grading.mutation.mutants import Mutant, mutants
from codezest.grading.mutation.trial import Fate, MutationScore, TriedMutant, try_mutants

__all__ = ["Fate", "Mutant", "MutationScore", "TriedMutant", "mutants", "try_mutants"]
