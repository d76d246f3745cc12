"""Japanese texts of click: the frame of the help, one sentence for a usage error."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from kama_excel.cli.batch_file import program_name
from kama_excel.cli.console import end_interrupted, report_failures

_WRONG_USAGE = 2
_VARIABLE = "KAMA_EXCEL_"
_QUIET = "kama_excel.cli.quiet"


def is_quiet() -> bool:
    """Return whether the running command has `--quiet`."""
    return bool(click.get_current_context().meta.get(_QUIET))


class JapaneseCommand(click.Command):
    """A command with Japanese help, whose options may come from environment variables.

    `--month` is KAMA_EXCEL_MONTH in every command that has it. `--quiet` silences standard output, except a
    requested document (`--json`); errors are always shown.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.options_metavar = "[オプション]"
        options = [param for param in self.params if isinstance(param, click.Option) and param.expose_value]
        for option in options:
            option.envvar = _VARIABLE + max(option.opts, key=len).lstrip("-").replace("-", "_").upper()
        if options and not isinstance(self, click.Group):
            self.params.append(_quiet_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; a usage error names this command and an extra word."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if rest and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            ctx.fail(
                f"「{' '.join(rest)}」は指定できません。値は「--month 2026-02」のように、オプションの後に入力します。"
            )
        return rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, silent with `--quiet`; an exception becomes one sentence."""
        if isinstance(self, click.Group):
            return super().invoke(ctx)
        with contextlib.ExitStack() as stack:
            stack.enter_context(report_failures())
            if ctx.meta.get(_QUIET) and not ctx.params.get("as_json"):
                nowhere = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
                stack.enter_context(contextlib.redirect_stdout(nowhere))
            return super().invoke(ctx)

    def get_help(self, ctx: click.Context) -> str:
        """Return the help, with the program's own name in the examples."""
        return super().get_help(ctx).replace("kama-excel ", f"{program_name()} ")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        records = []
        for param in self.get_params(ctx):
            if record := param.get_help_record(ctx):
                names, text = record
                records.append((names, f"{text} [{param.envvar}]" if param.envvar else text))
        with formatter.section("オプション"):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option with its Japanese help."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "この説明を表示します。"
        return option


class JapaneseGroup(JapaneseCommand, click.Group):
    """A group of commands whose usage errors are one Japanese sentence and a hint at the help."""

    command_class = JapaneseCommand

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.subcommand_metavar = "コマンド [引数]..."

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Return the commands in the order of a month, which is that of their definitions."""
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the commands."""
        super().format_options(ctx, formatter)
        commands = [(name, command.get_short_help_str(80)) for name, command in self.commands.items()]
        with formatter.section("コマンド"):
            formatter.write_dl(commands)

    def main(self, *arguments: Any, standalone_mode: bool = True, **named: Any) -> Any:
        """Run the command line; a usage error ends with exit code 2."""
        run: Any = super().main
        if not standalone_mode:
            return run(*arguments, standalone_mode=False, windows_expand_args=False, **named)
        try:
            result = run(*arguments, standalone_mode=False, windows_expand_args=False, **named)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(_WRONG_USAGE)
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else program_name()
            click.echo(f"{_usage_message(error)}\n使い方は「{path} --help」でご覧になれます。", err=True)
            sys.exit(_WRONG_USAGE)
        except click.Abort:
            end_interrupted()
        sys.exit(result if isinstance(result, int) else 0)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or fail with a list of the commands."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            names = self.list_commands(ctx)
            ctx.fail(
                f"コマンド「{args[0]}」はありません。{_did_you_mean(args[0], names)}使えるのは {'・'.join(names)} です。"
            )
        return super().resolve_command(ctx, args)


def _quiet_option() -> click.Option:
    def keep(ctx: click.Context, _: click.Parameter, value: object) -> None:
        ctx.meta[_QUIET] = value

    return click.Option(
        ["-q", "--quiet"],
        is_flag=True,
        expose_value=False,
        callback=keep,
        envvar=f"{_VARIABLE}QUIET",
        help="結果を表示しません（実行できなかったときの説明と、注意は表示します）。",
    )


def _usage_message(error: click.UsageError) -> str:
    param = error.param if isinstance(error, click.BadParameter) else None
    name = (param.metavar if isinstance(param, click.Argument) else param.opts[0] if param else "") or "値"
    match error:
        case click.NoSuchOption() if error.ctx and error.option_name in _options_of_commands(error.ctx):
            return f"オプション {error.option_name} は、コマンドの後に入力します。"
        case click.NoSuchOption():
            return f"オプション {error.option_name} はありません。{_did_you_mean(error.option_name, error.possibilities or ())}"
        case click.MissingParameter():
            return f"{name} が必要です。"
        case click.BadParameter() if param and isinstance(param.type, click.Choice):
            return f"{name} の値が正しくありません。使えるのは {'・'.join(map(str, param.type.choices))} です。"
        case click.BadParameter():
            return f"{name} の値が正しくありません。{error.message}"
        case click.BadOptionUsage():
            return f"オプション {error.option_name} には値が必要です。"
        case _:
            return error.message


def _options_of_commands(ctx: click.Context) -> set[str]:
    commands = ctx.command.commands.values() if isinstance(ctx.command, click.Group) else ()
    return {name for command in commands for param in command.params for name in param.opts}


def _did_you_mean(typed: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(typed, list(names), n=1)
    return f"「{close[0]}」ではありませんか。" if close else ""
