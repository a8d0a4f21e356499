"""inspect_ai: a task for each of ours (`tasks`), a scorer and its metrics (`scoring`); found by its entry point."""
