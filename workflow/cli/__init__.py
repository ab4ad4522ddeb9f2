"""The `workflow` command: the same actions as the pages, and the processes that run the installation."""

import click

from workflow.cli import audit, desk, keys, operating, running, verifying


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="undersigned", prog_name="Undersigned")
def main() -> None:
    """Undersigned: many organisations sign one text, and exactly what they signed is published.

    Settings come from WORKFLOW_* in the environment (docs/operations.md); `workflow demo` needs none.
    """


desk.user.add_command(desk.user_add)
desk.coalition_.add_command(desk.coalition_import)
desk.statement.add_command(desk.statement_import)
for one in (
    running.run,
    running.web,
    running.worker,
    running.migrate,
    running.export,
    running.demo_,
    keys.keys_,
    audit.audit_,
    verifying.verify_,
    desk.user,
    desk.coalition_,
    desk.statement,
    desk.circulate,
    desk.status,
    desk.invite,
    desk.recall,
    desk.conclude,
    desk.publish,
    operating.takedown,
):
    main.add_command(one)
