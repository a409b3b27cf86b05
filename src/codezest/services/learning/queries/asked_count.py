"""How many questions an attempt at a quiz asks, wherever that is said."""

ASKED_COUNT = """(
    least((SELECT count(*) FROM learning.questions asked WHERE asked.quiz_id = {quiz}.id AND asked.deleted_at IS NULL),
        {quiz}.draw_count)
    + (SELECT coalesce(sum((draw ->> 'count')::bigint), 0)::bigint FROM jsonb_array_elements({quiz}.draws) draw))"""
"""The SQL expression, a bigint: of its own questions as many as it draws, and what it draws from the bank besides.

`{quiz}` is the alias of its row. `least` leaves a null out: without a `draw_count` all are asked.
"""
