"""Where a waiting program stands, as SQL."""

LATELY = 20
"""Programs whose durations are looked at."""
COUNTED = 1_000
"""The farthest place that is told; who waits farther behind is told this one. Counting farther would cost more than it says."""

QUEUE_PLACE = f"""(
    SELECT json_build_object(
        'position', before.waiting + 1,
        -- Each program that ends makes room for one. Of those that run, one ends every duration / number running, whatever
        -- the workers behind that number are; programs that wait mean that all places are taken.
        'expected_wait_seconds', ceil((before.waiting + 1) * lately.seconds / greatest(before.running, 1))::int)
    FROM (
        SELECT count(*) FILTER (WHERE q.status = 'PENDING') AS waiting,
            count(*) FILTER (WHERE q.status = 'RUNNING') AS running
        FROM (
            SELECT q.status FROM learning.submissions q
            WHERE q.status IN ('PENDING', 'RUNNING') AND q.deleted_at IS NULL AND (q.turn, q.id) < (s.turn, s.id)
            ORDER BY q.turn, q.id LIMIT {COUNTED - 1}) q) before
    CROSS JOIN (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM d.graded_at - d.started_at)) AS seconds
        FROM (
            SELECT d.started_at, d.graded_at FROM learning.submissions d
            WHERE d.language = s.language AND d.started_at IS NOT NULL AND d.graded_at IS NOT NULL
            ORDER BY d.graded_at DESC LIMIT {LATELY}) d) lately)"""  # noqa: S608 - constants
"""The place of submission `s`, which is PENDING, as a `QueuePlace`."""
