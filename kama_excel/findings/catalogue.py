"""The catalogue of all findings: code, severity, what happened and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


class Severity(StrEnum):
    """エラー: a figure was not taken. 警告: taken, but look at it. 情報: good to know."""

    ERROR = "エラー"
    WARNING = "警告"
    INFO = "情報"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: its slug, how grave it is, what it says to the division and what it asks of the department.

    `text` and `advice` are format strings over `value` (what stood in the cell) and the finding's details.
    """

    slug: str
    severity: Severity
    text: str
    advice: str


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO


class Code(Enum):
    """The catalogue. Slugs are a public interface: `--json` carries them."""

    # the plan workbook
    PLAN_SHEET_MISSING = Rule(
        "plan-sheet-missing",
        _E,
        "シート「{sheet_name}」がありません。",
        "計画台帳にシート「{sheet_name}」を作ってください。",
    )
    PLAN_HEADING_MISSING = Rule(
        "plan-heading-missing",
        _E,
        "見出し「{heading}」がありません。",
        "見出しの行に「{heading}」の列を作るか、書き換えた見出しを元に戻してください。",
    )
    PLAN_HEADING_EMPTY = Rule(
        "plan-heading-empty",
        _E,
        "見出しのない列に「{value}」があります。",
        "列に見出しを付けるか、この列を空にしてください。",
    )
    PLAN_HEADING_TWICE = Rule(
        "plan-heading-twice", _E, "見出し「{heading}」が2つあります。", "見出しは1つだけにしてください。"
    )
    PLAN_ITEM_MISSING = Rule(
        "plan-item-missing",
        _E,
        "項目「{item}」の値がありません。",
        "シート「計画」の項目「{item}」に値を入れてください。",
    )
    PLAN_VALUE_MISSING = Rule("plan-value-missing", _E, "「{heading}」が空欄です。", "「{heading}」を入れてください。")
    PLAN_VALUE_UNREADABLE = Rule(
        "plan-value-unreadable",
        _E,
        "「{heading}」の「{value}」を読み取れません。",
        "{expected}で入れてください。",
    )
    PLAN_NUMBER_TWICE = Rule(
        "plan-number-twice",
        _E,
        "「{heading}」の「{value}」が{other}と重複しています。",
        "番号や名前は1つずつ別のものにしてください。",
    )
    PLAN_REFERENCE_UNKNOWN = Rule(
        "plan-reference-unknown",
        _E,
        "「{heading}」の「{value}」がシート「{sheet_name}」にありません。",
        "シート「{sheet_name}」に加えるか、書き間違いを直してください。",
    )
    PLAN_YEAR_OUTSIDE = Rule(
        "plan-year-outside",
        _E,
        "年度「{value}」は計画期間（{first}〜{last}）の外です。",
        "計画期間の中の年度を入れてください。",
    )
    PLAN_YEARS_REVERSED = Rule(
        "plan-years-reversed",
        _E,
        "終了年度「{value}」が開始年度より前です。",
        "開始年度と終了年度を確かめてください。",
    )
    PLAN_PERIOD_REVERSED = Rule(
        "plan-period-reversed",
        _E,
        "適用終了「{value}」が適用開始より前です。",
        "適用開始と適用終了の年月を確かめてください。",
    )
    PLAN_BANDS_OVERLAP = Rule(
        "plan-bands-overlap",
        _E,
        "評価区分「{value}」の下限が「{other}」と同じです。",
        "評価区分の下限は1つずつ別の値にしてください。",
    )
    PLAN_BANDS_OPEN = Rule(
        "plan-bands-open",
        _E,
        "評価区分の最も低い下限が0%ではありません（{value}）。",
        "どの達成率にも区分が付くように、最も低い区分の下限を0%にしてください。",
    )
    PLAN_HEADLINE_UNKNOWN = Rule(
        "plan-headline-unknown",
        _E,
        "見出しの区分「{value}」が評価区分にありません。",
        "シート「評価区分」にある名前を入れてください。",
    )
    PLAN_TARGET_NEGATIVE = Rule(
        "plan-target-negative", _E, "目標値「{value}」が負の数です。", "目標値は0以上の数で入れてください。"
    )
    PLAN_DIRECTION_CONTRADICTS = Rule(
        "plan-direction-contradicts",
        _E,
        "向き「{value}」が、基準値 {baseline} から目標値 {target} への動きと合いません。",
        "向き（増・減）か、基準値・目標値を直してください。",
    )
    PLAN_UPKEEP_UNSAID = Rule(
        "plan-upkeep-unsaid",
        _W,
        "基準値と目標値が同じ（{value}）ですが、「維持」とは書かれていません。",
        "維持する目標であれば「記入のしかた」に「維持」と書き、そうでなければ基準値か目標値を直してください。",
    )
    PLAN_MULTIPLE_WITHOUT_BASELINE = Rule(
        "plan-multiple-without-baseline",
        _W,
        "単位が「倍」の指標に基準値がありません。実績値÷目標値で計算します。",
        "「2倍」は基準値1・目標値2と入れます。基準値を確かめてください。",
    )
    PLAN_DEPARTMENT_TWICE_NAMED = Rule(
        "plan-department-twice-named",
        _E,
        "「{value}」は{other}でも使われています。",
        "担当課の名前と別名は、1つの課だけに付けてください。",
    )
    PLAN_METHOD_UNKNOWN = Rule(
        "plan-method-unknown",
        _E,
        "算定方法「{value}」はありません。",
        "{methods}のどれかを入れてください。",
    )
    PLAN_DECISION_UNDATED = Rule(
        "plan-decision-undated",
        _E,
        "算定方法「{value}」に決定日がありません。",
        "いつから適用するか、決定日を入れてください。",
    )
    PLAN_DECISION_TWICE = Rule(
        "plan-decision-twice",
        _E,
        "アクション{action}に、決定日（{value}）も適用月も同じ決定が2件あります。",
        "どちらか1つだけを残してください。",
    )
    PLAN_DECISION_UNFOUNDED = Rule(
        "plan-decision-unfounded",
        _W,
        "算定方法「{value}」の「{heading}」が空欄か、「同上」などです。",
        "監査で説明できるように、決定者と理由を書いてください。",
    )
    PLAN_CORRECTION_TWICE = Rule(
        "plan-correction-twice",
        _E,
        "{key}「{item}」に、訂正日（{value}）も適用月も同じ訂正が2件あります。",
        "どちらか1つだけを残してください。",
    )
    PLAN_CORRECTION_UNFOUNDED = Rule(
        "plan-correction-unfounded",
        _W,
        "{key}「{item}」の訂正の「{heading}」が空欄か、「同上」などです。",
        "監査で説明できるように、訂正者と理由を書いてください。",
    )
    PLAN_OWNER_RENAMED = Rule(
        "plan-owner-renamed",
        _W,
        "「担い手」に、課の以前の名前「{old}」があります（現在は「{name}」）。このまま報告書に印刷されます。",
        "現在の名前で印刷する場合は、「担い手」の「{old}」を「{name}」に改めてください。",
    )
    PLAN_ROW_STRUCK = Rule(
        "plan-row-struck",
        _W,
        "「{value}」に取り消し線があります。取り消し線のない行と同じに扱いました。",
        "取り消し線を外してください。やめたタスクや指標は、行を残したまま「適用終了」に最後の年月を入れます。",
    )
    PLAN_DEPARTMENT_NO_MAIL = Rule(
        "plan-department-no-mail",
        _W,
        "担当課「{name}」のメールアドレスが登録されていません。",
        "シート「担当課」の「メール」に入力してください。メールの下書きに宛先が入ります。",
    )
    PLAN_EXAMPLE_LEFT = Rule(
        "plan-example-left",
        _W,
        "記入例の行が残っています（{value}）。",
        "市の計画に書き換えるか、この行を消してください。",
    )

    # the files of a month
    FILE_UNREADABLE = Rule(
        "file-unreadable",
        _E,
        "Excelのブックとして開けませんでした（{reason}）。",
        "ファイルをExcelで開き、「名前を付けて保存」で .xlsx として保存し直して、もう一度お送りください。",
    )
    FILE_NOT_A_FORM = Rule(
        "file-not-a-form",
        _E,
        "この計画の様式ではないか、どの担当課のものかが分かりません。",
        "お届けした様式（「はじめに」のシートがあるファイル）に記入して、お送りください。",
    )
    FILE_OTHER_PLAN = Rule(
        "file-other-plan",
        _E,
        "別の計画（{value}）の様式です。",
        "この計画の様式に記入して、お送りください。",
    )
    FILE_UNKNOWN_DEPARTMENT = Rule(
        "file-unknown-department",
        _E,
        "担当課「{value}」は計画台帳にありません。",
        "担当課の名前を確かめてください。課の名前が変わったときは、計画台帳の「別名」に古い名前を入れます。",
    )
    FILE_NOT_READ = Rule(
        "file-not-read",
        _E,
        "この種類のファイル（{value}）は読み取れません。",
        "様式（.xlsx）をそのままお送りください。",
    )
    FILE_EMPTY = Rule(
        "file-empty",
        _E,
        "中身のない（0バイトの）ファイルです。",
        "送信や保存の途中で切れたようです。元のファイルを確かめて、もう一度お送りください。",
    )
    FILE_PASSWORD = Rule(
        "file-password",
        _E,
        "パスワードがかかっているため、開けませんでした。",
        "Excelで開き、「ファイル」→「情報」→「ブックの保護」からパスワードを外して、もう一度お送りください。",
    )
    FILE_TOO_LARGE = Rule(
        "file-too-large",
        _E,
        "大きすぎるため、読みませんでした（{reason}）。",
        "お届けした様式に書き写してお送りください。写真が大きいときは、枚数や大きさを減らしてください。",
    )
    FILE_STOPPED = Rule(
        "file-stopped",
        _E,
        "読み取りを打ち切りました（{reason}）。ほかのファイルには影響していません。",
        "ファイルをExcelで開き、「名前を付けて保存」で .xlsx として保存し直して、もう一度お送りください。",
    )
    FILE_LINK = Rule(
        "file-link",
        _E,
        "ファイルそのものではなく、別の場所へのリンクです。リンクの先は読んでいません。",
        "ファイルそのものを月のフォルダに入れてください。",
    )
    FILE_SAME = Rule(
        "file-same",
        _I,
        "{other}と全く同じファイルです。1つとして扱いました。",
        "何もする必要はありません。",
    )
    FILE_FORMAT_PLAIN = Rule(
        "file-format-plain",
        _W,
        "この形式のファイルからは、エラー値・書式・コメント・写真を読み取れません。値だけを読みました。",
        "Excelで開き、「名前を付けて保存」で .xlsx として保存し直して、もう一度お送りください。",
    )
    FOLDER_TOO_MANY_FILES = Rule(
        "folder-too-many-files",
        _E,
        "このフォルダには{value}個のファイルがあります。名前の順に{limit}個までを読み、残りは読んでいません。",
        "この月に届いた様式以外のファイルを、別の場所に移してから、もう一度実行してください。",
    )
    FOLDER_TOO_MANY_MONTHS = Rule(
        "folder-too-many-months",
        _W,
        "月のフォルダが{limit}個を超えています。{first} より前の{value}か月分は読んでいません。",
        "この計画より前の月のフォルダを、入力フォルダの外へ移してください。",
    )
    CONTAINER_UNREADABLE = Rule(
        "container-unreadable",
        _E,
        "中のファイルを取り出せませんでした（{reason}）。",
        "様式（.xlsx）をそのまま、パスワードをかけずにお送りください。",
    )
    CONTAINER_WITHOUT_FORM = Rule(
        "container-without-form",
        _E,
        "{value}の中に、様式がありません。",
        "様式（.xlsx）を添付して、もう一度お送りください。",
    )
    ATTACHMENT_PASSED_OVER = Rule(
        "attachment-passed-over",
        _I,
        "様式と一緒に届いたこのファイル（{value}）は、様式ではないので読んでいません。",
        "報告することが書かれていれば、様式に書き写してください。",
    )
    FILE_PASSED_OVER = Rule(
        "file-passed-over", _I, "提出物ではないので、読んでいません。", "何もする必要はありません。"
    )
    PICTURE_OUTSIDE = Rule(
        "picture-outside",
        _W,
        "写真が「写真」のシートの枠の外にあります。どのアクションのものか分からないので、載せていません。",
        "写真の左上が、そのアクションの枠に入るように置いてください。",
    )
    PICTURE_TOO_MANY = Rule(
        "picture-too-many",
        _W,
        "アクション{action}の写真が{most}枚より多いので、この写真は載せていません。",
        "載せたい{most}枚だけを残してください。",
    )
    PICTURE_REPLACED = Rule(
        "picture-replaced",
        _W,
        "アクション{action}の同じ枠に、同じ課の新しい様式の写真（{other}）があるので、この写真は載せていません。",
        "両方を載せるときは、新しい様式の空いている枠にも、この写真を貼り付けてお送りください。",
    )
    PICTURE_CHANGED = Rule(
        "picture-changed",
        _I,
        "アクション{action}のこの写真は、別の写真（{other}）に差し替えられたので、載せていません。",
        "何もする必要はありません。両方を載せるときは、空いている枠にこの写真を貼り付けてお送りください。",
    )
    PICTURE_WITHDRAWN = Rule(
        "picture-withdrawn",
        _W,
        "お届けしたときにこの枠にあったアクション{action}の写真（{other}）が、なくなっています。取り下げとして、載せていません。",
        "取り下げたつもりがなければ、写真をもう一度この枠に貼り付けてお送りください。",
    )
    PICTURE_CLEARED = Rule(
        "picture-cleared",
        _W,
        "前の月に載せたアクション{action}の写真（{other}）が、今回の様式にありません。載せていません。",
        "載せ続けるときは、写真をもう一度枠に貼り付けてお送りください。",
    )
    PICTURE_TWICE = Rule(
        "picture-twice",
        _I,
        "アクション{action}の同じ写真が{other}にもあるので、1枚だけ載せました。",
        "何もする必要はありません。別の写真を載せるときは、枠に貼り直してお送りください。",
    )
    PICTURE_UNREADABLE = Rule(
        "picture-unreadable",
        _W,
        "写真を読み取れないので、載せていません（{reason}）。",
        "JPEG か PNG の写真を貼り直してください。",
    )
    PICTURE_BY_NAME = Rule(
        "picture-by-name",
        _I,
        "ファイル名から、アクション{action}の写真（{department}）として受け取りました。",
        "違うときは、様式の「写真」のシートの枠に貼り付けてお送りください。",
    )
    PICTURE_UNNUMBERED = Rule(
        "picture-unnumbered",
        _W,
        "ファイル名から、どのアクションの写真か分からないので、載せていません。",
        "ファイル名を「アクション6.jpg」「6_説明会.jpg」のように、アクションの番号で始め、番号の後を区切ってお送りください。",
    )
    PICTURE_WITHOUT_FORM = Rule(
        "picture-without-form",
        _W,
        "アクション{action}の写真ですが、{why}ので、載せていません。",
        "様式と一緒にお送りください（担当課のないアクションには、計画台帳の「主担当課」を入れます）。",
    )

    # the structure of a form
    FORM_SHEET_MISSING = Rule(
        "form-sheet-missing",
        _E,
        "シート「{sheet_name}」がないか、見出しを読み取れません。",
        "様式のシート名と見出しを元に戻すか、新しい様式に書き写してお送りください。",
    )
    FORM_HEADING_MISSING = Rule(
        "form-heading-missing",
        _E,
        "見出し「{heading}」の列がありません。",
        "見出しの文字を元に戻して、お送りください。",
    )
    FORM_KEY_UNKNOWN = Rule(
        "form-key-unknown",
        _E,
        "管理番号「{key}」は、この課の様式にありません（「{value}」は取り込んでいません）。",
        "様式にある行に記入してください。行を追加したいときはデジタル担当課へご相談ください。",
    )
    FORM_KEY_TWICE = Rule(
        "form-key-twice",
        _E,
        "管理番号「{key}」の「{item}」が2か所にあり、値が違います（ここの「{value}」と、{other}）。どちらも取り込んでいません。",
        "正しい方の行・列・シートだけを残して、お送りください。",
    )
    FORM_OUTSIDE = Rule(
        "form-outside",
        _W,
        "記入欄の外に「{value}」があります。集計には入れていません。",
        "報告することであれば、記入欄（色の付いたセル）か備考に書いてください。様式の文字を書き換えたときは元に戻し、行を足したいときはデジタル担当課へご相談ください。",
    )
    FORM_NOTE = Rule(
        "form-note",
        _W,
        "{kind}に「{value}」と書かれています。集計には入れていません。",
        "報告することであれば、備考や根拠の欄に書いてください。",
    )
    FORM_CELLS_MERGED = Rule(
        "form-cells-merged",
        _W,
        "いくつかの記入欄が1つのセルに結合されています（{range}）。「{value}」は、左上の欄だけの値として読みました。",
        "セルの結合を解除し、欄ごとに記入してください。",
    )
    FORM_TOO_MANY_MERGED = Rule(
        "form-too-many-merged",
        _W,
        "結合されたセルが多すぎるため、{limit}か所より後は、記入欄の結合を確かめていません。",
        "お届けした様式に書き写してお送りください。",
    )
    FORM_TOO_MANY_ENTRIES = Rule(
        "form-too-many-entries",
        _E,
        "1つの様式の記入が{limit}か所を超えています。ここから後の{value}か所は取り込んでいません。",
        "行を写して増やしたときは、写した行を消して、お送りください。",
    )
    FORM_TOO_MANY_FINDINGS = Rule(
        "form-too-many-findings",
        _W,
        "ほかにも、確かめるところが{value}か所あります{range}。1つずつ挙げるのは、1つのファイルで{limit}か所までです。",
        "様式のものではない表などは、様式から外してお送りください。",
    )
    FORM_HEADING_GUESSED = Rule(
        "form-heading-guessed",
        _W,
        "書き換えられた見出し「{value}」の列を、「{heading}」として読みました。",
        "見出しの文字を「{heading}」に戻して、お送りください。",
    )
    FORM_SHEET_RENAMED = Rule(
        "form-sheet-renamed",
        _I,
        "このシートを、様式のシート「{sheet_name}」として読みました。",
        "シートの名前を「{sheet_name}」に戻してください。写しのシートは、消してからお送りください。",
    )
    FORM_ROW_MISSING = Rule(
        "form-row-missing",
        _W,
        "管理番号「{key}」の行がなくなっています。未報告として扱いました。",
        "様式の行は消さずに残し、お届けした様式に書き写してお送りください。",
    )
    FORM_ROWS_MOVED = Rule(
        "form-rows-moved",
        _W,
        "{count}行で、隠れた列の管理番号と行の文字が合いません（この行は「{value}」ですが、「{key}」の行の文字です）。文字の方の行の値として読みました。",
        "行を並べ替えたり写したりしたときに、隠れた列が一緒に動かなかったようです。どの値も正しい行にあるかを確かめ、お届けした様式に書き写してお送りください。",
    )
    FORM_ROW_MIXED = Rule(
        "form-row-mixed",
        _E,
        "管理番号「{key}」の行に、ほかの行の「{words}」があり、どの行の値か分かりません（「{value}」は取り込んでいません）。",
        "お届けした様式の正しい行に書き写してお送りください。",
    )
    FORM_DEPARTMENT_DIFFERS = Rule(
        "form-department-differs",
        _W,
        "「はじめに」の担当課は「{value}」ですが、{department}の様式です。{department}の提出として扱いました。",
        "自課の様式に記入したかを確かめ、担当課の欄を元に戻してお送りください。",
    )
    FORM_DEPARTMENT_GUESSED = Rule(
        "form-department-guessed",
        _W,
        "担当課が書かれていないので、管理番号から{department}の様式と読みました。",
        "お届けした様式に記入し、「はじめに」のシートも付けたままお送りください。",
    )
    FORM_VERSION_OLD = Rule(
        "form-version-old",
        _I,
        "前の版（{value}）の様式です。読み取れるところを取り込みます。",
        "次からは、今月お届けした様式に記入してください。",
    )
    FORM_OF_EARLIER_MONTH = Rule(
        "form-of-earlier-month",
        _I,
        "{made_for}分としてお届けした様式です。{month}分として扱います。",
        "{made_for}分の報告でしたら、デジタル担当課がその月のフォルダに移しますので、お知らせください。次からは、今月お届けした様式に記入してください。",
    )
    FORM_OF_LATER_MONTH = Rule(
        "form-of-later-month",
        _I,
        "{made_for}分としてお届けした様式です。{month}分として扱います。",
        "{made_for}分の報告でしたら、デジタル担当課がその月のフォルダに移しますので、お知らせください。",
    )
    FORM_WITHOUT_LEDGER = Rule(
        "form-without-ledger",
        _I,
        "様式の控え（隠しシート）がないため、「はじめに」と見出しの上に書き加えられたものは確かめていません。",
        "お届けした様式のファイルに、そのまま記入してお送りください。",
    )
    FORM_KEY_ELSEWHERE = Rule(
        "form-key-elsewhere",
        _E,
        "管理番号「{key}」は、シート「{sheet_name}」の行です。ここの「{value}」は取り込んでいません。",
        "シート「{sheet_name}」の「{key}」の行に記入し、写した行は消してお送りください。",
    )

    # what was typed
    CELL_ERROR = Rule(
        "cell-error",
        _E,
        "エラー値「{value}」です。取り込んでいません。",
        "数式を消して、値を直接入れてください。",
    )
    CELL_UNCALCULATED = Rule(
        "cell-uncalculated",
        _E,
        "計算結果の入っていない数式です。取り込んでいません。",
        "Excelで開いて保存し直すか、値を直接入れてください。",
    )
    CELL_STRUCK = Rule(
        "cell-struck",
        _E,
        "「{value}」に取り消し線があります。消すつもりの文字か分からないので、取り込んでいません。",
        "取り消すときは空欄にし、そうでなければ、正しいものだけを取り消し線のない文字で入れてください。",
    )
    RATE_UNREADABLE = Rule(
        "rate-unreadable",
        _E,
        "「{value}」を率（0%〜100%）として読み取れません。取り込んでいません。",
        "0%から100%までの数値で入れてください（例: 80%）。",
    )
    RATE_OUTSIDE = Rule(
        "rate-outside",
        _E,
        "「{value}」は0%〜100%の外です。取り込んでいません。",
        "0%から100%までの数値で入れてください。",
    )
    RATE_AMBIGUOUS = Rule(
        "rate-ambiguous",
        _E,
        "「{value}」は{one}とも{other}とも読めます。取り込んでいません。",
        "「80%」のように、%を付けて入れてください。",
    )
    RATE_ASSUMED = Rule(
        "rate-assumed", _W, "「{value}」を {taken} と読みました。", "「80%」のように、%を付けて入れてください。"
    )
    NOT_REPORTED_WORD = Rule(
        "not-reported-word",
        _W,
        "「{value}」は未報告として扱いました。",
        "報告することがないときは、空欄にしてください。タスクは、まだ実施していないときは「0%」を、取り組まないときは「対象外」を入れて、その理由を備考に書いてください。",
    )
    NOT_STARTED_WORD = Rule(
        "not-started-word", _W, "「{value}」を 0% と読みました。", "まだ始めていないときは、「0%」と入れてください。"
    )
    EXCLUDED_WITHOUT_REASON = Rule(
        "excluded-without-reason",
        _E,
        "「対象外」の理由が備考にありません。未報告として扱いました。",
        "「対象外」とする理由を備考に書いてください。",
    )
    EXCLUDED_WITH_MORE = Rule(
        "excluded-with-more",
        _E,
        "「{value}」は、「対象外」のほかにも文字があるので、取り込んでいません。",
        "「対象外」とだけ入れ、理由は備考に書いてください。",
    )
    NUMBER_UNREADABLE = Rule(
        "number-unreadable",
        _E,
        "「{value}」を数値として読み取れません。取り込んでいません。",
        "単位を付けずに、数値だけを入れてください（例: 12）。",
    )
    NUMBER_TWO = Rule(
        "number-two",
        _E,
        "「{value}」には数値が2つあります。取り込んでいません。",
        "実績値を1つだけ入れ、もう1つは「根拠」に書いてください。",
    )
    NUMBER_OTHER_UNIT = Rule(
        "number-other-unit",
        _E,
        "「{value}」の単位が、この指標の単位「{unit}」と違います。取り込んでいません。",
        "単位「{unit}」で数えた数値を入れてください。",
    )
    NUMBER_SMALL_PERCENT = Rule(
        "number-small-percent",
        _W,
        "「{value}」を {taken} と読みました（{other} のつもりかもしれません）。",
        "{other} であれば「{other}」と、{taken} であれば「{taken}」と、%を付けて入れてください。",
    )
    NUMBER_LARGE_PERCENT = Rule(
        "number-large-percent",
        _W,
        "「{value}」を {taken} と読みました（{other} のつもりかもしれません）。",
        "{other} であれば、「{other}」と入れ直してください。{taken} で正しければ、何もする必要はありません。",
    )
    DATE_UNREADABLE = Rule(
        "date-unreadable",
        _E,
        "「{value}」を日付として読み取れません。取り込んでいません。",
        "「2026/2/8」か「令和8年2月8日」のように、年から入れてください。",
    )
    DATE_ASSUMED = Rule(
        "date-assumed", _W, "「{value}」を {taken} と読みました。", "「2026/2/8」のように、年月日で入れてください。"
    )
    CERTAINTY_UNREADABLE = Rule(
        "certainty-unreadable",
        _W,
        "確度「{value}」を読み取れません。「見込」として扱いました。",
        "確定・見込・仮定のどれかを選んでください。",
    )
    ASSESSMENT_WITHOUT_REASON = Rule(
        "assessment-without-reason",
        _E,
        "総括評価「{value}」に理由がありません。評価に入れていません。",
        "「同上」などとせず、このアクションについての理由を書いてください。",
    )
    REASON_WITHOUT_ASSESSMENT = Rule(
        "reason-without-assessment",
        _W,
        "理由だけがあり、総括評価がありません。",
        "総括評価（0%〜100%）を入れてください。",
    )
    AS_OF_MISSING = Rule(
        "as-of-missing", _I, "実績値「{value}」に時点がありません。", "いつの時点の数値かを「時点」に入れてください。"
    )
    DETAIL_WITHOUT_ACTUAL = Rule(
        "detail-without-actual",
        _W,
        "「{value}」がありますが、実績値がありません。",
        "実績値も入れてください。まだ実績がないときは、この欄を空けておいてください。",
    )
    TEXT_SHORTENED = Rule(
        "text-shortened",
        _W,
        "文章が長いため（{length}字）、Excelのセルに入る{limit}字までを載せました。",
        "文章を{limit}字までに短くしてください。",
    )
    TEXT_CLEANED = Rule(
        "text-cleaned",
        _I,
        "目に見えない制御文字を取り除いて、文章を載せました。",
        "文章に欠けたところがないか、確かめてください。",
    )
    FILLED_ON_MISSING = Rule(
        "filled-on-missing", _I, "「{item}」が空欄です。", "「はじめに」の「{item}」も記入してください。"
    )

    # across forms
    DEPARTMENT_MISSING = Rule(
        "department-missing",
        _W,
        "{month}までに一度も提出がありません。",
        "様式に記入して、お送りください。",
    )
    DEPARTMENT_CARRIED = Rule(
        "department-carried",
        _W,
        "{month}の提出がないため、{carried}の様式の値を使っています。",
        "今月分の様式をお送りください。変わりがなければ、「はじめに」の記入日だけを入れてお送りください。",
    )
    VALUES_CONFLICT = Rule(
        "values-conflict",
        _W,
        "同じ課の2つの様式で記入が違います。新しい方の「{value}」{taken}、{other}の「{old}」は使っていません。",
        "どちらが正しいかを確かめ、正しい値を入れた様式をお送りください。",
    )
    VALUE_REPLACED = Rule(
        "value-replaced",
        _I,
        "前の様式の「{old}」（{other}）は使わず、新しい様式の「{value}」{taken}ました。",
        "何もする必要はありません。",
    )
    VALUE_LEFT = Rule(
        "value-left",
        _I,
        "{other}の「{old}」は、お届けしたときの記入のままなので使わず、「{value}」{taken}ました。",
        "何もする必要はありません。「{old}」が正しいときは、その値を入れた様式をお送りください。",
    )
    VALUE_SET_BACK = Rule(
        "value-set-back",
        _W,
        "新しい方の様式（{other}）では、お届けしたときの「{old}」です。直していないのか、元に戻したのかが分からないため、「{value}」{taken}ました。",
        "どちらが正しいかを確かめ、正しい値を入れた様式をお送りください。",
    )
    VALUE_MENDED = Rule(
        "value-mended",
        _I,
        "読み取れなかった「{old}」（{other}）が、新しい様式で「{value}」に直されました。",
        "何もする必要はありません。",
    )
    VALUE_CLEARED = Rule(
        "value-cleared",
        _W,
        "前に「{value}」と報告された「{item}」（{key}、{other}）が、今回は空欄です。未報告として扱いました。",
        "消したつもりがなければ、前の値をもう一度記入してください。取りやめたタスクは「対象外」とし、備考に理由を書いてください。",
    )
    FILLED_BEFORE_MONTH = Rule(
        "filled-before-month",
        _W,
        "{value}に記入された様式で、{month}より前のものです。{month}分として扱います。",
        "今の状況を記入してお送りください。変わりがなければ、「はじめに」の記入日だけ直してお送りください。",
    )
    FILLED_ON_EARLIER = Rule(
        "filled-on-earlier",
        _W,
        "記入日は{value}ですが、送られた日か最後に保存された日は{day}です。{day}の様式として扱いました。",
        "「はじめに」の記入日を、今回記入した日に直してください。",
    )

    KEY_ENDED = Rule(
        "key-ended",
        _I,
        "{key}（{text}）は{month}の計画にないので（{why}）、報告された「{item}」の「{value}」は集計に入れていません。",
        "何もする必要はありません。続けるものであれば、計画台帳の適用開始・適用終了を確かめてください。",
    )
    KEY_OF_OTHER = Rule(
        "key-of-other",
        _W,
        "{key}（{text}）は、計画台帳では{other}の担当です。この課の「{item}」の「{value}」は集計に入れていません。",
        "値は{other}から報告してもらいます。担当が違うときは、デジタル担当課へお知らせください。",
    )
    KEY_VANISHED = Rule(
        "key-vanished",
        _E,
        "{key}（{text}）の行が計画台帳からなくなっています。報告された「{item}」の「{value}」は集計に入っていません。",
        "計画台帳に、元の番号のままで行を戻してください。取りやめたものは、行を消さずに「適用終了」に年月を入れます。",
    )
    PRINTED_DIFFERS = Rule(
        "printed-differs",
        _I,
        "{key}の「{heading}」は、お届けした様式では「{value}」、計画台帳では「{now}」です。計画台帳の値で計算しました。",
        "前の月の結果を変えないためには、計画台帳で前の行を「適用終了」で閉じ、同じ番号の行を「適用開始」から加えてください。",
    )

    CORRECTED = Rule(
        "corrected",
        _I,
        "{key}「{item}」を、訂正により「{value}」としました（報告は「{old}」）。",
        "次の提出では、訂正後の値を記入してください。報告の値に戻すときは、計画台帳の訂正の行を消しますので、デジタル担当課にお知らせください。",
    )
    CORRECTION_UNREADABLE = Rule(
        "correction-unreadable",
        _E,
        "訂正の「{value}」を、{key}「{item}」の値として読み取れません。訂正していないので、報告の値をそのまま使っています。",
        "計画台帳の「訂正」に、様式と同じ書き方で値を入れてください（例: 80%、12、2026/2/8）。報告を取り消すときは、課の様式を空欄にしてもらってください。",
    )
    CORRECTION_UNKNOWN = Rule(
        "correction-unknown",
        _E,
        "訂正の管理番号「{key}」・項目「{item}」に当たるものが、この月の様式にありません。訂正していません。",
        "データのシートの管理番号と、様式の見出しのとおりの項目名を入れてください。",
    )

    # of the result
    DECISION_WITHOUT_FIGURE = Rule(
        "decision-without-figure",
        _E,
        "アクション{action}は算定方法「{value}」と決められていますが、その数値がありません。未評価としました。",
        "数値の報告を求めるか、計画台帳の「評価方法」を見直してください。",
    )
    DECISION_NEEDED = Rule(
        "decision-needed",
        _W,
        "アクション{action}は、{used}では「{grade}」、総括評価では「{other}」です。どちらを採るか、判断が必要です。{later}",
        "計画台帳の「評価方法」に、算定方法・決定日・決定者・理由を入れてください。",
    )
    AS_OF_BEFORE_ROW = Rule(
        "as-of-before-row",
        _W,
        "時点が、指標「{name}」の適用開始（{first}）より前です。その前は別の指標（{before}）のため、未報告として扱いました。",
        "適用開始以後の実績値と時点を入力してください。",
    )
    AS_OF_BEFORE_TARGET = Rule(
        "as-of-before-target",
        _I,
        "時点が、指標「{name}」の今の目標値などの適用開始（{first}）より前です。今の目標値に対する実績値として採用しました。",
        "対応は不要です。新しい実績値があれば、次の提出で入力してください。",
    )
    DECISION_CHANGES_GRADE = Rule(
        "decision-changes-grade",
        _I,
        "アクション{action}は、算定方法を「{value}」とする決定により「{grade}」です（決定がなければ「{was}」）。",
        "何もする必要はありません。説明には、計画台帳の「評価方法」の理由をお使いください。",
    )

    @property
    def severity(self) -> Severity:
        """How grave a finding of this kind is."""
        return self.value.severity
