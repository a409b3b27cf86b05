"""Questions whole, with their keys, as attempts ask them. Never shown to learners as it is."""

CONTENT = """jsonb_build_object(
    'id', q.id, 'type', q.type, 'text', q.text, 'points', q.points, 'difficulty', q.difficulty, 'topic', q.topic,
    'media', q.media, 'explanation', q.explanation, 'answer_key', q.answer_key, 'options', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'text', o.text, 'is_correct', o.is_correct)
            ORDER BY o.position, o.id), '[]')
        FROM learning.options o WHERE o.question_id = q.id AND o.deleted_at IS NULL))"""
"""Question `q` as a snapshot holds it."""
