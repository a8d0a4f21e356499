"""lm-evaluation-harness: tasks for it (`task`, `files`)."""
