"""rest-bench inside other people's harnesses and training loops: lm-eval, inspect_ai, callbacks, trackers.

Each module imports the foreign package at its top, so that nothing here is imported unless that package asks for it.
"""
