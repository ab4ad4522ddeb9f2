"""`python -m workflow.cli`, for processes that start themselves again."""

from workflow.cli import main

main()
