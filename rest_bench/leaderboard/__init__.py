"""Runs in public: submissions that anyone can score again, and the pages that are made from them."""
