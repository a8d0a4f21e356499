"""`python -m rest_bench` is `rest-bench`."""

from rest_bench.cli import main

main()
