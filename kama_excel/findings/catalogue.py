"""The catalogue of all findings: code, severity, message and advice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


class Severity(StrEnum):
    """エラー: a value was not used. 警告: used, but to be checked. 情報: for information."""

    ERROR = "エラー"
    WARNING = "警告"
    INFO = "情報"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: slug, severity, message for the division, advice for the department.

    `text` and `advice` are format strings over `value` (the content of the cell) and the finding's details.
    """

    slug: str
    severity: Severity
    text: str
    advice: str


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO


class Code(Enum):
    """The catalogue. Slugs are a public interface: `--json` contains them."""

    # the plan workbook
    PLAN_SHEET_MISSING = Rule(
        "plan-sheet-missing",
        _E,
        "シート「{sheet_name}」がありません。",
        "計画台帳にシート「{sheet_name}」を作成してください。",
    )
    PLAN_HEADING_MISSING = Rule(
        "plan-heading-missing",
        _E,
        "見出し「{heading}」がありません。",
        "見出しの行に「{heading}」の列を作成するか、変更した見出しを元に戻してください。",
    )
    PLAN_HEADING_EMPTY = Rule(
        "plan-heading-empty",
        _E,
        "見出しのない列に「{value}」があります。",
        "列に見出しを付けるか、この列を空欄にしてください。",
    )
    PLAN_HEADING_TWICE = Rule(
        "plan-heading-twice", _E, "見出し「{heading}」が2つあります。", "見出しは1つだけにしてください。"
    )
    PLAN_ITEM_MISSING = Rule(
        "plan-item-missing",
        _E,
        "項目「{item}」の値がありません。",
        "シート「計画」の項目「{item}」に値を入力してください。",
    )
    PLAN_VALUE_MISSING = Rule(
        "plan-value-missing", _E, "「{heading}」が空欄です。", "「{heading}」を入力してください。"
    )
    PLAN_VALUE_UNREADABLE = Rule(
        "plan-value-unreadable",
        _E,
        "「{heading}」の「{value}」を読み取れません。",
        "{expected}で入力してください。",
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
        "シート「{sheet_name}」に登録するか、誤記を修正してください。",
    )
    PLAN_YEAR_OUTSIDE = Rule(
        "plan-year-outside",
        _E,
        "年度「{value}」は計画期間（{first}〜{last}）の範囲外です。",
        "計画期間の中の年度を入力してください。",
    )
    PLAN_YEARS_REVERSED = Rule(
        "plan-years-reversed",
        _E,
        "終了年度「{value}」が開始年度より前です。",
        "開始年度と終了年度をご確認ください。",
    )
    PLAN_PERIOD_REVERSED = Rule(
        "plan-period-reversed",
        _E,
        "適用終了「{value}」が適用開始より前です。",
        "適用開始と適用終了の年月をご確認ください。",
    )
    PLAN_MONTH_FAR = Rule(
        "plan-month-far",
        _W,
        "年月「{value}」は、計画期間（{first}〜{last}）から大きく離れています。",
        "年の入力間違いがないかをご確認のうえ、修正してください。",
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
        "評価区分の最も低い下限が0%より高くなっています（{value}）。",
        "どの達成率にも区分が付くように、最も低い区分の下限を0%以下にしてください。",
    )
    PLAN_BAND_UNREACHABLE = Rule(
        "plan-band-unreachable",
        _E,
        "評価区分「{name}」（下限 {value}）に該当する達成率がありません。シート「計画」の「{item}」の範囲外です。",
        "「{item}」を改めるか（制限しない場合は「なし」）、この区分の下限を修正してください。",
    )
    PLAN_BAND_NAME_TAKEN = Rule(
        "plan-band-name-taken",
        _E,
        "「{value}」は、区分の付かないアクションを表す言葉のため、区分の名前に使えません。",
        "区分に別の名前を付けてください。",
    )
    PLAN_POINTS_MISSING = Rule(
        "plan-points-missing",
        _E,
        "点数のある区分とない区分があります。",
        "すべての区分に点数を入力するか、すべて空欄にしてください。",
    )
    PLAN_LIMITS_REVERSED = Rule(
        "plan-limits-reversed",
        _E,
        "達成率の下限（{value}）が、達成率の上限以上です。",
        "「達成率の下限」と「達成率の上限」をご確認ください。",
    )
    PLAN_HEADLINE_UNKNOWN = Rule(
        "plan-headline-unknown",
        _E,
        "見出しの区分「{value}」が評価区分にありません。",
        "シート「評価区分」にある名前を入力してください。",
    )
    PLAN_TARGET_NEGATIVE = Rule(
        "plan-target-negative", _E, "目標値「{value}」が負の数です。", "目標値は0以上の数で入力してください。"
    )
    PLAN_DIRECTION_CONTRADICTS = Rule(
        "plan-direction-contradicts",
        _E,
        "向き「{value}」が、基準値 {baseline} から目標値 {target} への動きと合いません。",
        "向き（増・減）か、基準値・目標値を修正してください。目標値が「○以上（以下）を保つ」という値の場合は、基準値を空欄にしてください。",
    )
    PLAN_TARGET_BLANK = Rule(
        "plan-target-blank",
        _I,
        "指標「{name}」に目標値がありません。実績値と基準値からの増減を示すだけで、達成率には含めません。",
        "目標値の入力漏れの場合は、目標値を入力してください。",
    )
    PLAN_TARGET_WORDS = Rule(
        "plan-target-words",
        _E,
        "「{heading}」の「{value}」は、1つの数値として読み取れません。",
        "数値だけを入力してください（手引きの「目標の種類」の表をご覧ください）。数値で表せない目標は、指標の行を作成せず、タスクと総括評価で評価してください。",
    )
    PLAN_SUM_WITH_BASELINE = Rule(
        "plan-sum-with-baseline",
        _E,
        "集計が「合計」の指標に、0でない基準値「{value}」があります。合計に基準値を含めるかどうかを判断できません。",
        "基準値を空欄（または0）にして、合計の目標値を入力してください。",
    )
    PLAN_YEARLY_TARGET_ALONE = Rule(
        "plan-yearly-target-alone",
        _E,
        "指標「{value}」に年度目標がありますが、目標値がありません。",
        "シート「指標」に目標値を入力するか、年度目標の行を削除してください。",
    )
    PLAN_YEARLY_TARGET_MISSING = Rule(
        "plan-yearly-target-missing",
        _E,
        "達成率の基準が「年度目標」ですが、指標「{no}」の{years}の年度目標がありません。",
        "計画期間のすべての年度の年度目標を入力してください。",
    )
    PLAN_YEARLY_TARGET_BEYOND = Rule(
        "plan-yearly-target-beyond",
        _E,
        "年度目標「{value}」が、基準値 {baseline} から見て目標値と反対の側にあります。",
        "年度目標か、基準値・目標値を修正してください。",
    )
    PLAN_YEARLY_TARGETS_DIFFER = Rule(
        "plan-yearly-targets-differ",
        _W,
        "目標値「{value}」が、{what}（{other}）と異なります。",
        "このままでも計算できます。目標値と年度目標をご確認ください。",
    )
    PLAN_UPKEEP_UNSAID = Rule(
        "plan-upkeep-unsaid",
        _W,
        "基準値と目標値が同じ（{value}）ですが、「維持」とは記入されていません。",
        "維持する目標であれば「記入のしかた」に「維持」と記入し、そうでなければ基準値か目標値を修正してください。",
    )
    PLAN_MULTIPLE_WITHOUT_BASELINE = Rule(
        "plan-multiple-without-baseline",
        _W,
        "単位が「倍」の指標に基準値がありません。実績値÷目標値で計算します。",
        "「2倍」は基準値1・目標値2として登録します。基準値をご確認ください。",
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
        "{methods}のいずれかを入力してください。",
    )
    PLAN_DECISION_UNDATED = Rule(
        "plan-decision-undated",
        _E,
        "算定方法「{value}」に決定日がありません。",
        "決定日を入力してください（「適用月」が空欄の場合は、決定日の月から適用します）。",
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
        "監査などで説明できるよう、決定者と理由を記入してください。",
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
        "監査などで説明できるよう、訂正者と理由を記入してください。",
    )
    PLAN_MAIL_UNUSABLE = Rule(
        "plan-mail-unusable",
        _W,
        "「{name}」のメール「{value}」は、メールアドレスとして使えません。",
        "「ka@city.example.lg.jp」のような1つのアドレスを入力してください。",
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
        "「{value}」に取り消し線があります。取り消し線のない行と同様に扱いました。",
        "取り消し線を外してください。取りやめたタスクや指標は、行を残したまま「適用終了」に最後の年月を登録してください。",
    )
    PLAN_DEPARTMENT_NO_MAIL = Rule(
        "plan-department-no-mail",
        _W,
        "担当課「{name}」のメールアドレスが登録されていません。",
        "シート「担当課」の「メール」に入力してください。メールの下書きに宛先が入ります。",
    )
    PLAN_CELLS_MERGED = Rule(
        "plan-cells-merged",
        _E,
        "セル（{value}）が結合されています。どの行・列の値かを判断できません。",
        "セルの結合を解除し、1つのセルに1つずつ値を入力してください。",
    )
    PLAN_SMALL_PERCENT = Rule(
        "plan-small-percent",
        _E,
        "単位が「%」の「{heading}」が「{value}」です。{plain} か {other} か分かりません。",
        "「{plain}」か「{other}」のように、%を付けて入力してください。",
    )
    PLAN_SHEET_COPY = Rule(
        "plan-sheet-copy",
        _W,
        "シート「{value}」は、シート「{sheet_name}」を複製したものと思われますが、内容が異なります。「{value}」は読み込んでいません。",
        "修正した内容をシート「{sheet_name}」に移し、「{value}」を削除してください。",
    )
    PLAN_SHEET_HIDDEN = Rule(
        "plan-sheet-hidden",
        _W,
        "シート「{value}」が非表示になっています。表示されているシートと同じに読み込みました。",
        "シートを再表示して、内容を確認してください。",
    )
    PLAN_CELLS_HIDDEN = Rule(
        "plan-cells-hidden",
        _W,
        "非表示の行または列に値があります（{cells}）。表示されている行と同じに読み込みました。",
        "フィルターを解除し、行と列を再表示して、内容を確認してください。",
    )
    PLAN_NOTE = Rule(
        "plan-note",
        _I,
        "{kind}に「{value}」と記入されています。計画としては読み込んでいません。",
        "計画を改める内容の場合は、セルの値を修正してください。",
    )
    PLAN_EXAMPLE_LEFT = Rule(
        "plan-example-left",
        _W,
        "記入例の行が残っています（{value}）。",
        "市の計画の内容に変更するか、この行を削除してください。",
    )

    # the files of a month
    FILE_UNREADABLE = Rule(
        "file-unreadable",
        _E,
        "Excelのブックとして開くことができませんでした（{reason}）。",
        "ファイルをExcelで開き、「名前を付けて保存」で .xlsx として保存し直して、もう一度お送りください。",
    )
    FILE_IN_USE = Rule(
        "file-in-use",
        _E,
        "ファイルがほかのプログラム（Excelなど）で開かれているか、読み取りの権限がないため、読み込めませんでした。",
        "ファイルを閉じてから、もう一度実行してください。閉じても同じ場合は、読み取りの権限をご確認ください。",
    )
    FILE_INACCESSIBLE = Rule(
        "file-inaccessible",
        _E,
        "ファイルを読み込めませんでした。{reason}。",
        "原因を解消してから、もう一度実行してください。ファイルの再提出を依頼する必要はありません。",
    )
    FILE_NOT_READ_AGAIN = Rule(
        "file-not-read-again",
        _E,
        "写真を掲載するためにもう一度開こうとしましたが、読み込めませんでした。写真は掲載していません。",
        "ファイルが開かれている場合は閉じて、もう一度実行してください。",
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
        "担当課の名前をご確認ください。課の名前が変わった場合は、計画台帳の「別名」に旧名を登録してください。",
    )
    FILE_NOT_READ = Rule(
        "file-not-read",
        _E,
        "この種類のファイル（{value}）は読み取れません。",
        "報告の場合は、様式（.xlsx）のままお送りください。",
    )
    FILE_WINMAIL = Rule(
        "file-winmail",
        _E,
        "添付ファイルが、Outlookの独自形式（winmail.dat）に変わって届きました。中の様式を取り出せません。",
        "Outlookの「書式設定」で、メールの形式を「リッチテキスト」から「HTML」か「テキスト」に変更して、もう一度お送りください。",
    )
    FILE_EMPTY = Rule(
        "file-empty",
        _E,
        "内容のない（0バイトの）ファイルです。",
        "送信や保存の途中で中断された可能性があります。元のファイルをご確認のうえ、もう一度お送りください。",
    )
    FILE_PASSWORD = Rule(
        "file-password",
        _E,
        "パスワードが設定されているため、開くことができませんでした。",
        "Excelで開き、「ファイル」→「情報」→「ブックの保護」からパスワードを外して、もう一度お送りください。",
    )
    FILE_TOO_LARGE = Rule(
        "file-too-large",
        _E,
        "大きすぎるため、読み込みませんでした（{reason}）。",
        "お届けした様式に転記してお送りください。写真が大きい場合は、枚数や大きさを減らしてください。",
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
        "ファイルそのものではなく、別の場所へのリンクです。リンクの先は読み込んでいません。",
        "ファイルそのものを月のフォルダに保存してください。",
    )
    FILE_SAME = Rule(
        "file-same",
        _I,
        "{other}と同一のファイルです。1件として扱いました。",
        "対応は不要です。",
    )
    FILE_FORMAT_PLAIN = Rule(
        "file-format-plain",
        _W,
        "この形式のファイルからは、エラー値・書式・コメント・写真を読み取れません。値だけを読み込みました。",
        "Excelで開き、「名前を付けて保存」で .xlsx として保存し直して、もう一度お送りください。",
    )
    FOLDER_TOO_MANY_FILES = Rule(
        "folder-too-many-files",
        _E,
        "このフォルダには{value}個のファイルがあります。名前の順に{limit}個までを読み込み、残りは読み込んでいません。",
        "この月に届いた様式以外のファイルを、別の場所に移してから、もう一度実行してください。",
    )
    FOLDER_TOO_MANY_MONTHS = Rule(
        "folder-too-many-months",
        _W,
        "月のフォルダが{limit}個を超えています。{first} より前の{value}か月分は読み込んでいません。",
        "この計画より前の月のフォルダを、入力フォルダの外へ移してください。",
    )
    CONTAINER_UNREADABLE = Rule(
        "container-unreadable",
        _E,
        "中のファイルを取り出せませんでした（{reason}）。",
        "様式（.xlsx）のまま、パスワードを設定せずにお送りください。",
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
        "様式と一緒に届いたこのファイル（{value}）は、様式ではないため読み込んでいません。",
        "報告する内容が含まれている場合は、様式に転記してお送りください。",
    )
    FILE_PASSED_OVER = Rule("file-passed-over", _I, "提出物ではないため、読み込んでいません。", "対応は不要です。")
    PICTURE_OUTSIDE = Rule(
        "picture-outside",
        _W,
        "写真が「写真」のシートの枠の外にあります。どのアクションのものか判断できないため、掲載していません。",
        "写真の左上が、該当するアクションの枠に入るように配置してください。",
    )
    PICTURE_ON_COVER = Rule(
        "picture-on-cover",
        _I,
        "「はじめに」の画像（印影など）は、報告の写真としては掲載していません。",
        "対応は不要です。報告の写真は、「写真」のシートの枠に貼り付けてください。",
    )
    PICTURE_TOO_MANY = Rule(
        "picture-too-many",
        _W,
        "アクション{action}の写真が{most}枚より多いため、この写真は掲載していません。",
        "掲載する{most}枚だけを残してください。",
    )
    PICTURE_NOT_SHOWN = Rule(
        "picture-not-shown",
        _W,
        "アクション{action}の写真が、各課を合わせて{most}枚より多いため、この写真は掲載していません。",
        "主担当課の写真から順に{most}枚を掲載しています。掲載する写真を課の間で調整し、ほかの写真を様式から削除してください。",
    )
    PICTURE_WITHOUT_CAPTION = Rule(
        "picture-without-caption",
        _I,
        "アクション{action}の写真に説明がないため、写真だけを掲載しました。",
        "説明を掲載する場合は、「写真」のシートの説明の欄に入力してください。",
    )
    PICTURE_REPLACED = Rule(
        "picture-replaced",
        _W,
        "アクション{action}の同じ枠に、同じ課の新しい様式の写真（{other}）があるため、この写真は掲載していません。",
        "両方を掲載する場合は、新しい様式の空いている枠にも、この写真を貼り付けてお送りください。",
    )
    PICTURE_CHANGED = Rule(
        "picture-changed",
        _I,
        "アクション{action}のこの写真は、別の写真（{other}）に差し替えられたため、掲載していません。",
        "対応は不要です。両方を掲載する場合は、空いている枠にこの写真を貼り付けてお送りください。",
    )
    PICTURE_WITHDRAWN = Rule(
        "picture-withdrawn",
        _W,
        "お届けしたときにこの枠にあったアクション{action}の写真（{other}）が、なくなっています。取り下げとして、掲載していません。",
        "取り下げたお心当たりがない場合は、写真をもう一度この枠に貼り付けてお送りください。",
    )
    PICTURE_CLEARED = Rule(
        "picture-cleared",
        _W,
        "前の月に掲載したアクション{action}の写真（{other}）が、今回の様式にありません。掲載していません。",
        "引き続き掲載する場合は、写真をもう一度枠に貼り付けてお送りください。",
    )
    PICTURE_TWICE = Rule(
        "picture-twice",
        _I,
        "アクション{action}の同じ写真が{other}にもあるため、1枚だけ掲載しました。",
        "対応は不要です。別の写真を掲載する場合は、枠に貼り直してお送りください。",
    )
    PICTURE_UNREADABLE = Rule(
        "picture-unreadable",
        _W,
        "写真を読み取れないため、掲載していません（{reason}）。",
        "JPEG か PNG の写真を貼り直してください。",
    )
    PICTURE_COVERED = Rule(
        "picture-covered",
        _W,
        "写真の上にほかの図形・写真・文字が重なっているため、掲載していません（{reason}）。",
        "上の図形を削除するか、写真から離してください。写真の一部を隠す場合は、図形を重ねるのではなく、隠した後の1枚の画像を作成して貼り付けてください。",
    )
    PICTURE_EFFECT = Rule(
        "picture-effect",
        _W,
        "写真を、シートの表示のとおりに取り出せないため、掲載していません（{reason}）。",
        "写真を右クリックして「図として保存」を選び、保存した画像を貼り直してください。",
    )
    PICTURE_TURNED = Rule(
        "picture-turned",
        _W,
        "シート上で回転・反転した写真を、表示のとおりの向きで掲載しました。",
        "この向きでよい場合は、対応は不要です。異なる場合は、正しい向きの画像を貼り直してお送りください。",
    )
    PICTURE_BY_NAME = Rule(
        "picture-by-name",
        _I,
        "ファイル名から、アクション{action}の写真（{department}）として受け取りました。",
        "誤りの場合は、様式の「写真」のシートの枠に貼り付けてお送りください。",
    )
    PICTURE_UNNUMBERED = Rule(
        "picture-unnumbered",
        _W,
        "ファイル名から、どのアクションの写真か判断できないため、掲載していません。",
        "ファイル名を「アクション6.jpg」「6_説明会.jpg」のように、アクションの番号で始め、番号の後を区切ってお送りください。",
    )
    PICTURE_WITHOUT_FORM = Rule(
        "picture-without-form",
        _W,
        "アクション{action}の写真ですが、{why}ため、掲載していません。",
        "様式と一緒にお送りください（担当課のないアクションには、計画台帳の「主担当課」を登録してください）。",
    )

    # the structure of a form
    FORM_SHEET_MISSING = Rule(
        "form-sheet-missing",
        _E,
        "シート「{sheet_name}」がないか、見出しを読み取れません。",
        "様式のシート名と見出しを元に戻すか、新しい様式に転記してお送りください。",
    )
    FORM_KEYS_REMOVED = Rule(
        "form-keys-removed",
        _E,
        "シート「{sheet_name}」の非表示の列「管理番号」がないため、行を読み取れません。「ドキュメント検査」などで削除された可能性があります。",
        "お届けした様式を開き直し、入力した内容をその様式に転記してお送りください。",
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
        "管理番号「{key}」は、この課の様式にありません（「{value}」は集計に含めていません）。",
        "様式にある行に記入してください。行を追加したい場合はデジタル担当課へご相談ください。",
    )
    FORM_KEY_TWICE = Rule(
        "form-key-twice",
        _E,
        "管理番号「{key}」の「{item}」が2か所にあり、値が異なります（ここの「{value}」と、{other}）。どちらも集計に含めていません。",
        "正しい方の行・列・シートだけを残して、お送りください。",
    )
    FORM_OUTSIDE = Rule(
        "form-outside",
        _W,
        "記入欄の外に「{value}」があります。集計に含めていません。",
        "報告する内容であれば、記入欄（色の付いたセル）か備考に記入してください。様式の文字を変更した場合は元に戻し、行を追加したい場合はデジタル担当課へご相談ください。",
    )
    FORM_NOTE = Rule(
        "form-note",
        _W,
        "{kind}に「{value}」と記入されています。集計に含めていません。",
        "報告する内容であれば、備考や根拠の欄に記入してください。",
    )
    FORM_CELLS_MERGED = Rule(
        "form-cells-merged",
        _W,
        "いくつかの記入欄が1つのセルに結合されています（{range}）。「{value}」は、左上の欄だけの値として扱いました。",
        "セルの結合を解除し、欄ごとに記入してください。",
    )
    FORM_TOO_MANY_MERGED = Rule(
        "form-too-many-merged",
        _W,
        "結合されたセルが多すぎるため、{limit}か所より後は、記入欄の結合を確認していません。",
        "お届けした様式に転記してお送りください。",
    )
    FORM_TOO_MANY_ENTRIES = Rule(
        "form-too-many-entries",
        _E,
        "1つの様式の記入が{limit}か所を超えています。以降の{value}か所は集計に含めていません。",
        "行をコピーして追加した場合は、コピーした行を削除して、お送りください。",
    )
    FORM_TOO_MANY_FINDINGS = Rule(
        "form-too-many-findings",
        _W,
        "ほかにも、確認が必要な箇所が{value}か所あります{range}。1件ずつ表示するのは、1つのファイルにつき{limit}か所までです。",
        "様式以外の表などは、様式から削除してお送りください。",
    )
    FORM_HEADING_GUESSED = Rule(
        "form-heading-guessed",
        _W,
        "変更された見出し「{value}」の列を、「{heading}」として扱いました。",
        "見出しの文字を「{heading}」に戻して、お送りください。",
    )
    FORM_SHEET_RENAMED = Rule(
        "form-sheet-renamed",
        _I,
        "このシートを、様式のシート「{sheet_name}」として扱いました。",
        "シートの名前を「{sheet_name}」に戻してください。複製したシートは、削除してからお送りください。",
    )
    FORM_SHEET_HIDDEN = Rule(
        "form-sheet-hidden",
        _W,
        "シート「{sheet_name}」が非表示になっています。記入されている内容は、読み込みました。",
        "シートを再表示し、内容を確認して、お送りください。",
    )
    FORM_CELLS_HIDDEN = Rule(
        "form-cells-hidden",
        _W,
        "非表示の行または列に記入があります（{cells}）。記入されている内容は、読み込みました。",
        "フィルターを解除し、行と列を再表示して、内容を確認してください。誤りがなければ、対応は不要です。",
    )
    FORM_ROW_MISSING = Rule(
        "form-row-missing",
        _W,
        "管理番号「{key}」の行がなくなっています。未報告として扱いました。",
        "様式の行は削除せずに残し、お届けした様式に転記してお送りください。",
    )
    FORM_ROWS_MOVED = Rule(
        "form-rows-moved",
        _W,
        "{count}行で、非表示の列の管理番号と行の文字が合いません（この行は「{value}」ですが、「{key}」の行の文字です）。文字の方の行の値として扱いました。",
        "行の並べ替えやコピーの際に、非表示の列が一緒に移動しなかった可能性があります。すべての値が正しい行にあるかをご確認のうえ、お届けした様式に転記してお送りください。",
    )
    FORM_ROW_MIXED = Rule(
        "form-row-mixed",
        _E,
        "管理番号「{key}」の行に、ほかの行の「{words}」があり、どの行の値かを判断できません（「{value}」は集計に含めていません）。",
        "お届けした様式の正しい行に転記してお送りください。",
    )
    FORM_DEPARTMENT_DIFFERS = Rule(
        "form-department-differs",
        _W,
        "「はじめに」の担当課は「{value}」ですが、{department}の様式です。{department}の提出として扱いました。",
        "自課の様式に記入したかをご確認のうえ、担当課の欄を元に戻してお送りください。",
    )
    FORM_DEPARTMENT_GUESSED = Rule(
        "form-department-guessed",
        _W,
        "担当課が記入されていないため、管理番号から{department}の様式として扱いました。",
        "お届けした様式に記入し、「はじめに」のシートを削除せずにお送りください。",
    )
    FORM_VERSION_OLD = Rule(
        "form-version-old",
        _I,
        "以前の版（{value}）の様式です。読み取れる部分を集計に含めます。",
        "次回からは、今月お届けした様式に記入してください。",
    )
    FORM_OF_EARLIER_MONTH = Rule(
        "form-of-earlier-month",
        _I,
        "{made_for}分としてお届けした様式です。{month}分として扱います。",
        "{made_for}分の報告の場合は、デジタル担当課がその月のフォルダに移しますので、ご連絡ください。次回からは、今月お届けした様式に記入してください。",
    )
    FORM_OF_LATER_MONTH = Rule(
        "form-of-later-month",
        _W,
        "{made_for}分としてお届けした様式です。{month}分として扱います。",
        "{made_for}分の報告の場合は、ファイルを input の {made_for}分のフォルダに移し、もう一度集計してください。",
    )
    FORM_WITHOUT_LEDGER = Rule(
        "form-without-ledger",
        _I,
        "様式の控え（隠しシート）がないため、「はじめに」と見出しの上に追加されたものは確認していません。",
        "お届けした様式のファイルに、そのまま記入してお送りください。",
    )
    FORM_KEY_ELSEWHERE = Rule(
        "form-key-elsewhere",
        _E,
        "管理番号「{key}」は、シート「{sheet_name}」の行です。ここの「{value}」は集計に含めていません。",
        "シート「{sheet_name}」の「{key}」の行に記入し、コピーした行は削除してお送りください。",
    )

    # what was typed
    CELL_ERROR = Rule(
        "cell-error",
        _E,
        "エラー値「{value}」が表示されています。集計に含めていません。",
        "数式を削除して、値を直接入力してください。",
    )
    CELL_UNCALCULATED = Rule(
        "cell-uncalculated",
        _E,
        "計算結果の入っていない数式です。集計に含めていません。",
        "Excelで開いて保存し直すか、値を直接入力してください。",
    )
    CELL_STRUCK = Rule(
        "cell-struck",
        _E,
        "「{value}」に取り消し線があります。削除する文字かどうか判断できないため、集計に含めていません。",
        "取り消す場合は空欄にし、そうでない場合は、正しいものだけを取り消し線のない文字で入力してください。",
    )
    CELL_ZERO = Rule(
        "cell-zero",
        _E,
        "数式の結果が0です。空欄を参照したときも0になるため、集計に含めていません。",
        "0が正しければ、数式を削除して「0」を入力してください。0でない場合は、正しい値を入力してください。",
    )
    CELL_COVERED = Rule(
        "cell-covered",
        _E,
        "結合されたセル（{range}）の下に隠れている「{value}」です。シートでは見えないため、集計に含めていません。",
        "セルの結合を解除し、必要な値かどうかをご確認のうえ、欄ごとに入力してください。",
    )
    CELL_UNCLEAR = Rule(
        "cell-unclear",
        _E,
        "このセルの値を確認できないため、集計に含めていません（{reason}）。",
        "セルを選んで Delete キーで内容を削除し、値を入力し直してお送りください。",
    )
    CELL_SHOWN_OTHERWISE = Rule(
        "cell-shown-otherwise",
        _E,
        "セルの値は「{value}」ですが、シートには「{shown}」と表示されています。どちらが正しいかを判断できないため、集計に含めていません。",
        "セルの表示形式を「標準」（率は「パーセンテージ」）に変え、正しい値を入力し直してください。",
    )
    CELL_SHOWN_UNKNOWN = Rule(
        "cell-shown-unknown",
        _E,
        "セルの値は「{value}」ですが、表示形式（{format}）でどのように表示されるかを確認できないため、集計に含めていません。",
        "セルの表示形式を「標準」（率は「パーセンテージ」）に変え、正しい値を入力し直してください。",
    )
    FORMULA_AS_TEXT = Rule(
        "formula-as-text",
        _E,
        "「{value}」は数式ではなく、数式の形の文字です。集計に含めていません。",
        "計算した結果の数値を入力してください。",
    )
    RATE_UNREADABLE = Rule(
        "rate-unreadable",
        _E,
        "「{value}」を率（0%〜100%）として読み取れません。集計に含めていません。",
        "0%から100%までの数値で入力してください（例: 80%）。",
    )
    RATE_OUTSIDE = Rule(
        "rate-outside",
        _E,
        "「{value}」は0%〜100%の範囲外です。集計に含めていません。",
        "0%から100%までの数値で入力してください。",
    )
    RATE_AMBIGUOUS = Rule(
        "rate-ambiguous",
        _E,
        "「{value}」は{one}とも{other}とも解釈できます。集計に含めていません。",
        "「{one}」か「{other}」のように、%を付けて入力してください。",
    )
    RATE_ASSUMED = Rule(
        "rate-assumed", _W, "「{value}」を {taken} として扱いました。", "「80%」のように、%を付けて入力してください。"
    )
    RATE_SMALL = Rule(
        "rate-small",
        _W,
        "「{value}」を {taken} として扱いました（{other} の入力間違いの可能性があります）。",
        "{other} であれば、「{other}」と入力し直してください。{taken} で正しければ、対応は不要です。",
    )
    NOT_REPORTED_WORD = Rule(
        "not-reported-word",
        _W,
        "「{value}」は未報告として扱いました。",
        "報告する内容がない場合は、空欄にしてください。タスクは、まだ実施していないときは「0%」を、取り組まないときは「対象外」を入力して、その理由を備考に記入してください。",
    )
    FIGURE_TO_COME = Rule(
        "figure-to-come",
        _W,
        "「{value}」は未報告として扱いました。",
        "数値が確定するまでは実績値を空欄とし、確定する時期を「根拠」に記入してください。",
    )
    EXCLUDED_FIGURE_WITH_MORE = Rule(
        "excluded-figure-with-more",
        _E,
        "「{value}」は、「対象外」のほかに文字があるため、未報告として扱いました。",
        "実績値には「対象外」とだけ入力し、理由は「根拠」に記入してください。",
    )
    NOT_STARTED_WORD = Rule(
        "not-started-word",
        _W,
        "「{value}」を 0% として扱いました。",
        "まだ始めていない場合は、「0%」と入力してください。",
    )
    EXCLUDED_WITHOUT_REASON = Rule(
        "excluded-without-reason",
        _E,
        "「対象外」の理由が備考にありません。未報告として扱いました。",
        "「対象外」とする理由を備考に記入してください。",
    )
    EXCLUDED_WITH_MORE = Rule(
        "excluded-with-more",
        _E,
        "「{value}」は、「対象外」のほかにも文字があるため、集計に含めていません。",
        "「対象外」とだけ入力し、理由は備考に記入してください。",
    )
    NUMBER_UNREADABLE = Rule(
        "number-unreadable",
        _E,
        "「{value}」を数値として読み取れません。集計に含めていません。",
        "単位を付けずに、数値だけを入力してください（例: 12）。",
    )
    NUMBER_TWO = Rule(
        "number-two",
        _E,
        "「{value}」には数値が2つ記入されています。集計に含めていません。",
        "実績値を1つだけ入力し、もう1つは「根拠」に記入してください。",
    )
    NUMBER_MAGNITUDE = Rule(
        "number-magnitude",
        _E,
        "「{value}」には千・万などの文字が入っています。集計に含めていません。",
        "「{figure}」と、数字だけで入力してください。",
    )
    NUMBER_OTHER_UNIT = Rule(
        "number-other-unit",
        _E,
        "「{value}」の単位が、この指標の単位「{unit}」と異なります。集計に含めていません。",
        "単位「{unit}」による数値を入力してください。",
    )
    NUMBER_SMALL_PERCENT = Rule(
        "number-small-percent",
        _W,
        "「{value}」を {taken} として扱いました（{other} の入力間違いの可能性があります）。",
        "{other} であれば「{other}」と、{taken} であれば「{taken}」と、%を付けて入力してください。",
    )
    NUMBER_LARGE_PERCENT = Rule(
        "number-large-percent",
        _W,
        "「{value}」を {taken} として扱いました（{other} の入力間違いの可能性があります）。",
        "{other} であれば、「{other}」と入力し直してください。{taken} で正しければ、対応は不要です。",
    )
    DATE_UNREADABLE = Rule(
        "date-unreadable",
        _E,
        "「{value}」を日付として読み取れません。日付がないものとして扱いました。",
        "「2026/2/8」か「令和8年2月8日」のように、年から入力してください。",
    )
    AS_OF_UNREADABLE = Rule(
        "as-of-unreadable",
        _E,
        "時点「{value}」を日付として読み取れません。時点がないものとして扱いました（実績値は、読み取れれば集計に含めています）。",
        "時点だけを、「2026/2/8」か「令和8年2月8日」のように年から入力してください。読み取れた実績値を入力し直す必要はありません。",
    )
    DATE_ASSUMED = Rule(
        "date-assumed",
        _W,
        "「{value}」を {taken} として扱いました。",
        "「2026/2/8」のように、年月日で入力してください。",
    )
    CERTAINTY_UNREADABLE = Rule(
        "certainty-unreadable",
        _W,
        "確度「{value}」を読み取れません。「見込」として扱いました。",
        "確定・見込・仮定のいずれかを選んでください。",
    )
    ASSESSMENT_WITHOUT_REASON = Rule(
        "assessment-without-reason",
        _E,
        "総括評価「{value}」に理由がありません。評価に含めていません。",
        "「同上」などとせず、このアクションについての理由を記入してください。",
    )
    REASON_WITHOUT_ASSESSMENT = Rule(
        "reason-without-assessment",
        _W,
        "理由だけがあり、総括評価がありません。",
        "総括評価（0%〜100%）を入力してください。",
    )
    AS_OF_MISSING = Rule(
        "as-of-missing", _I, "実績値「{value}」に時点がありません。", "いつの時点の数値かを「時点」に入力してください。"
    )
    AS_OF_FAR = Rule(
        "as-of-far",
        _W,
        "時点「{value}」は、計画期間（{first}〜{last}）から大きく離れています。実績値はそのまま集計に含めています。",
        "年の入力間違いがないかをご確認のうえ、「時点」を修正してください。",
    )
    DETAIL_WITHOUT_ACTUAL = Rule(
        "detail-without-actual",
        _W,
        "「{value}」がありますが、実績値がありません。",
        "実績値も入力してください。まだ実績がない場合は、この欄を空けておいてください。",
    )
    TEXT_SHORTENED = Rule(
        "text-shortened",
        _W,
        "文章が長いため（{length}字）、Excelのセルに入る{limit}字までを掲載しました。",
        "文章を{limit}字までに短くしてください。",
    )
    TEXT_CLEANED = Rule(
        "text-cleaned",
        _I,
        "目に見えない制御文字を取り除いて、文章を掲載しました。",
        "文章に欠けたところがないか、ご確認ください。",
    )
    TEXT_AS_SHOWN = Rule(
        "text-as-shown",
        _W,
        "セルの値は「{value}」ですが、シートに表示されている「{shown}」を文章として掲載しました。",
        "表示のとおりでよい場合は、対応は不要です。異なる場合は、セルの表示形式を「文字列」に変えて入力し直してください。",
    )
    TEXT_SHOWN_UNKNOWN = Rule(
        "text-shown-unknown",
        _W,
        "セルの値「{value}」を文章として掲載しました。シートでは、表示形式によって異なる内容で表示されている可能性があります。",
        "「{value}」でよい場合は、対応は不要です。異なる場合は、セルの表示形式を「文字列」に変えて入力し直してください。",
    )
    TEXT_PRIVATE = Rule(
        "text-private",
        _W,
        "入力したPC以外では表示できない文字（外字など: {characters}）があります。そのまま掲載しました。",
        "外字や、Wordから貼り付けた行頭の記号を、通常の文字（・など）に置き換えてください。",
    )
    TEXT_SAME = Rule(
        "text-same",
        _W,
        "「{value}」は、報告書では何と同じかが分かりません。そのまま掲載しました。",
        "同じ内容の場合も、このアクションについての文章を入力してください。",
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
        "{month}の提出がないため、{carried}の様式の値を使用しています。",
        "今月分の様式をお送りください。変更がない場合は、「はじめに」の記入日だけを入力してお送りください。",
    )
    FORM_UNFILLED = Rule(
        "form-unfilled",
        _W,
        "{month}の様式が、お届けしたときのまま戻っています（記入日も空欄です）。報告としては扱っていません。",
        "記入してお送りください。変更がない場合は、「はじめに」の記入日だけを入力してお送りください。",
    )
    FORM_UNFILLED_FOLLOWED = Rule(
        "form-unfilled-followed",
        _I,
        "{month}の様式に、お届けしたときのまま戻ったものがあります。同じ課の様式（{other}）を採用しました。",
        "対応は不要です。",
    )
    FILE_UNREAD_FOLLOWED = Rule(
        "file-unread-followed",
        _I,
        "このファイルは読み取れませんでしたが（{why}）、同じ課の様式（{other}）を読み取りました。",
        "対応は不要です。",
    )
    VALUES_CONFLICT = Rule(
        "values-conflict",
        _W,
        "同じ課の2つの様式で記入が異なります。新しい方の「{value}」{taken}、{other}の「{old}」は使用していません。",
        "どちらが正しいかをご確認のうえ、正しい値を入力した様式をお送りください。",
    )
    VALUE_REPLACED = Rule(
        "value-replaced",
        _I,
        "前の様式の「{old}」（{other}）は使用せず、新しい様式の「{value}」{taken}ました。",
        "対応は不要です。",
    )
    VALUE_LEFT = Rule(
        "value-left",
        _I,
        "{other}の「{old}」は、お届けしたときの記入のままのため使用せず、「{value}」{taken}ました。",
        "対応は不要です。「{old}」が正しい場合は、その値を入力した様式をお送りください。",
    )
    VALUE_SET_BACK = Rule(
        "value-set-back",
        _W,
        "新しい方の様式（{other}）では、お届けしたときの「{old}」です。修正していないのか、元に戻したのかが判断できないため、「{value}」{taken}ました。",
        "どちらが正しいかをご確認のうえ、正しい値を入力した様式をお送りください。",
    )
    VALUE_MENDED = Rule(
        "value-mended",
        _I,
        "読み取れなかった「{old}」（{other}）が、新しい様式で「{value}」に修正されました。",
        "対応は不要です。",
    )
    VALUE_CLEARED = Rule(
        "value-cleared",
        _W,
        "以前「{value}」と報告された「{item}」（{key}、{other}）が、今月は空欄です。未報告として扱いました。",
        "消去したお心当たりがない場合は、前の値をもう一度記入してください。取りやめたタスクは「対象外」とし、備考に理由を記入してください。",
    )
    FILLED_BEFORE_MONTH = Rule(
        "filled-before-month",
        _W,
        "{value}に記入された様式で、{month}より前のものです。{month}分として扱います。",
        "現在の状況を記入してお送りください。変更がない場合は、「はじめに」の記入日だけを修正してお送りください。",
    )
    FILLED_ON_EARLIER = Rule(
        "filled-on-earlier",
        _W,
        "記入日は{value}ですが、送られた日か最後に保存された日は{day}です。{day}の様式として扱いました。",
        "「はじめに」の記入日を、今回記入した日に修正してください。",
    )

    FILLED_ON_LATER = Rule(
        "filled-on-later",
        _W,
        "記入日は{value}ですが、{day}より後の日付です。様式の新旧は、メールの送信日時か最後に保存された日時で決めました。",
        "「はじめに」の記入日を、実際に記入した日に修正してください。",
    )

    KEY_ENDED = Rule(
        "key-ended",
        _I,
        "{key}（{text}）は{month}の計画にないため（{why}）、報告された「{item}」の「{value}」は集計に含めていません。",
        "対応は不要です。続けるものであれば、計画台帳の適用開始・適用終了をご確認ください。",
    )
    KEY_OF_OTHER = Rule(
        "key-of-other",
        _W,
        "{key}（{text}）は、計画台帳では{other}の担当です。この課の「{item}」の「{value}」は集計に含めていません。",
        "値は{other}に報告を依頼します。担当が異なる場合は、デジタル担当課へご連絡ください。",
    )
    KEY_VANISHED = Rule(
        "key-vanished",
        _E,
        "{key}（{text}）の行が計画台帳からなくなっています。報告された「{item}」の「{value}」は集計に含まれていません。",
        "計画台帳に、元の番号のままで行を戻してください。取りやめたものは、行を削除せずに「適用終了」に年月を登録してください。",
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
        "次の様式には訂正後の値を入力してお届けします。対応は不要です。",
    )
    CORRECTION_REPEATED = Rule(
        "correction-repeated",
        _W,
        "{key}「{item}」に訂正前の値「{value}」が記入されています。{day}の訂正（{by}: {why}）により「{now}」のまま集計しました。",
        "訂正後の値「{now}」でよい場合は、その値を入力してください。報告の値を採用する場合は、デジタル担当課へご連絡ください（計画台帳の「訂正」に「{value}」を登録してください）。",
    )
    CORRECTION_OVERTAKEN = Rule(
        "correction-overtaken",
        _I,
        "{key}「{item}」は、訂正の後の報告「{value}」を採用しました（{day}の訂正「{now}」、{by}: {why}）。",
        "対応は不要です。訂正の値に戻す場合は、計画台帳の「訂正」に新しい訂正日で登録してください。",
    )
    CORRECTION_SETTLED = Rule(
        "correction-settled",
        _I,
        "{was}{key}「{item}」は、{day}の訂正（{by}: {why}）により「{now}」として集計しています。",
        "対応は不要です。",
    )
    CORRECTION_CLEARED = Rule(
        "correction-cleared",
        _W,
        "{key}「{item}」は、訂正後の値「{value}」を入力してお届けしましたが、空欄です。訂正後の値のまま集計しました。",
        "変更がない場合は、その値を入力してください。値がない場合は、デジタル担当課へご連絡ください。",
    )
    CORRECTION_UNREADABLE = Rule(
        "correction-unreadable",
        _E,
        "訂正の「{value}」を、{key}「{item}」の値として読み取れません。訂正していないため、報告の値をそのまま使用しています。",
        "計画台帳の「訂正」に、様式と同じ表記で値を入力してください（例: 80%、12、2026/2/8）。報告を取り消す場合は「未報告」と入力してください。",
    )
    CORRECTION_UNKNOWN = Rule(
        "correction-unknown",
        _E,
        "訂正の管理番号「{key}」・項目「{item}」に当たるものが、この月の様式にありません。訂正していません。",
        "データのシートの管理番号と、様式の見出しのとおりの項目名を入力してください。",
    )

    # of the result
    DECISION_WITHOUT_FIGURE = Rule(
        "decision-without-figure",
        _E,
        "アクション{action}は算定方法「{value}」と決定されていますが、該当する数値がありません。未評価としました。",
        "担当課に数値の報告を依頼するか、計画台帳の「評価方法」を見直してください。",
    )
    DECISION_NOT_EVALUATED = Rule(
        "decision-not-evaluated",
        _I,
        "アクション{action}は算定方法「{value}」と決定されていますが、そのもとになる報告がすべて対象外です。評価対象外としました。",
        "対応は不要です。",
    )
    DECISION_NEEDED = Rule(
        "decision-needed",
        _W,
        "アクション{action}は、{used}では「{grade}」、総括評価では「{other}」です。いずれを採用するか、判断が必要です。",
        "計画台帳の「評価方法」に、算定方法・決定日・決定者・理由を入力してください。",
    )
    DECISION_LATER = Rule(
        "decision-later",
        _I,
        "アクション{action}は、{used}では「{grade}」、総括評価では「{other}」です。{later}",
        "対応は不要です。この月にも適用する場合は、計画台帳の「評価方法」のその行の「適用月」に {month} と入力してください。",
    )
    AS_OF_OUTSIDE_YEAR = Rule(
        "as-of-outside-year",
        _W,
        "時点「{value}」が、この行の年度（{year}）の外です。{year}の実績値として扱いました。",
        "実績値の行の年度と、時点をご確認ください。",
    )
    EXCLUDED_WITHOUT_GROUNDS = Rule(
        "excluded-without-grounds",
        _E,
        "「対象外」ですが、根拠に理由がありません。未報告として扱いました。",
        "対象外とした理由を「根拠」に記入してください。",
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
        "時点が、指標「{name}」の現在の目標値などの適用開始（{first}）より前です。現在の目標値に対する実績値として採用しました。",
        "対応は不要です。新しい実績値があれば、次の提出で入力してください。",
    )
    DECISION_CHANGES_GRADE = Rule(
        "decision-changes-grade",
        _I,
        "アクション{action}は、算定方法を「{value}」とする決定により「{grade}」です（決定がない場合は「{was}」）。",
        "対応は不要です。説明には、計画台帳の「評価方法」の理由をお使いください。",
    )

    @property
    def severity(self) -> Severity:
        """The severity of findings with this code."""
        return self.value.severity
