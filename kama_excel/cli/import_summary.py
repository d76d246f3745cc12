"""Screen output of `import`: meaning of each column, rows made, cells not placed."""

from __future__ import annotations

from collections.abc import Iterator

from kama_excel.commands.import_tables import Import
from kama_excel.workspace.folders import Workspace


def import_lines(workspace: Workspace, done: Import) -> Iterator[str]:
    """Yield the lines of each file, and at the end what was written or how to write it."""
    for name, found in done.files:
        yield name
        for column in found.columns:
            yield f"  {column.sheet} {column.cell}「{column.text}」→ {column.note or '（対象としません）'}"
        for each in found.unplaced:
            yield f"  取り込めませんでした: {each.sheet} {each.cell}「{each.text}」 {each.note}"
    tasks, indicators = (
        sum(len(found.tasks) for _, found in done.files),
        sum(len(found.indicators) for _, found in done.files),
    )
    yield f"タスク {tasks}行、指標 {indicators}行を読み取りました。"
    if done.written:
        yield f"作成しました: {workspace.shown(done.written)}（内容を確認し、計画台帳 {workspace.plan.name} と置き換えてください）"
    else:
        yield "計画台帳は作成していません。--write を付けると、行を加えた新しい計画台帳を隣に作成します。"
