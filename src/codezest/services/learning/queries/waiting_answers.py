"""Answers of quizzes that wait for a person: no key decides them, and no worker is running their program."""

WAITS_FOR_A_PERSON = """w.is_correct IS NULL AND NOT EXISTS (
    SELECT FROM learning.question_runs r WHERE r.answer_id = w.id AND r.status IN ('PENDING', 'RUNNING'))"""
"""Of answer `w`."""

HAS_WAITING_ANSWER = f"""t.status = 'SUBMITTED' AND t.completed_at IS NOT NULL AND EXISTS (
    SELECT FROM learning.quiz_answers w WHERE w.attempt_id = t.id AND {WAITS_FOR_A_PERSON})"""
"""Of attempt `t`."""
