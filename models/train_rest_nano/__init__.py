"""How rest-nano is made: `python -m models.train_rest_nano.train`, then `python -m models.train_rest_nano.card`."""
