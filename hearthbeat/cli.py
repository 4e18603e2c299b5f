"""The command line: one group, commands imported on first use, failures in plain words.

Exit status: 0 done; 1 it failed, or found something wrong; 2 the call or the settings are wrong;
130 interrupted.
"""

import sys
from pathlib import Path
from typing import Final

import click

from hearthbeat import invocation
from hearthbeat.command_table import COMMANDS
from hearthbeat.errors import HearthbeatError, ReplayRefused, SettingsError, SeveralRunning
from hearthbeat.lazy_group import LazyGroup
from hearthbeat.plain_words import explain
from hearthbeat.version import VERSION

FAILED: Final = 1
WRONG_CALL: Final = 2
INTERRUPTED: Final = 130


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, prog_name="hearthbeat")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file with settings (HB_CONFIG); the environment goes above it.",
)
@click.option("--print-config", is_flag=True, help="Show the resolved settings, secrets masked.")
@click.pass_context
def program(ctx: click.Context, config: Path | None, *, print_config: bool) -> None:
    """Hearthbeat: readings from a device at home to the clinic's table, and nothing lost."""
    ctx.obj = invocation.Invocation(config)
    if print_config:
        from hearthbeat.settings_shown import as_toml  # noqa: PLC0415 - Only this option needs it.

        click.echo(as_toml(ctx.obj.settings), nl=False)
        ctx.exit(0)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """The console script: never a traceback for what a person can put right."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit status."""
    try:
        status = program.main(args=arguments, prog_name="hearthbeat", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        return _left(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (HearthbeatError, OSError) as error:
        return _say(error)
    except Exception as error:  # The one supervising level: what is ours is said, not dumped.
        if explain(error) is None:
            raise
        return _say(error)
    return status if isinstance(status, int) else 0


def _left(error: BaseException) -> int:
    """Somebody pressed Ctrl-C; or a question found nobody to answer it."""
    interrupted = isinstance(error.__cause__, KeyboardInterrupt)
    if isinstance(error, click.Abort) and not interrupted and not sys.stdin.isatty():
        click.echo("\nhearthbeat: nobody is there to answer: give it as an option", err=True)
        return WRONG_CALL
    return INTERRUPTED


def _say(error: Exception) -> int:
    click.echo(f"hearthbeat: {explain(error) or error}", err=True)
    wrong_call = isinstance(error, SettingsError | SeveralRunning | ReplayRefused)
    return WRONG_CALL if wrong_call else FAILED


if __name__ == "__main__":
    main()
