"""Questions whole, with their keys, as attempts ask them. Never shown to learners as it is."""

CONTENT = """jsonb_build_object(
    'id', q.id, 'type', q.type, 'text', q.text, 'points', q.points, 'difficulty', q.difficulty, 'topic', q.topic,
    'media', q.media, 'explanation', q.explanation, 'answer_key', q.answer_key, 'options', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'text', o.text, 'is_correct', o.is_correct)
            ORDER BY o.position, o.id), '[]')
        FROM learning.options o WHERE o.question_id = q.id AND o.deleted_at IS NULL))"""
"""Question `q` as a snapshot holds it."""

KEY_SHA256 = "encode(sha256(convert_to(q.answer_key::text, 'UTF8')), 'hex')"
"""Names the key of question `q`, and so what a check of its solution depends on."""

SOLUTION_FAILS = f"""(q.type = 'CODE' AND EXISTS (
    SELECT FROM learning.question_runs r
    WHERE r.question_id = q.id AND r.purpose = 'CHECK' AND r.key_sha256 = {KEY_SHA256}
      AND r.status = 'DONE' AND r.result ->> 'verdict' <> 'AC'))"""
"""Whether the solution of question `q` is known to fail its tests."""
