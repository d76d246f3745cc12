"""An .ods written by hand: what LibreOffice would not write, other programs do."""

import io
import zipfile

_SPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
        for name, urn in {
            "office": "office",
            "table": "table",
            "text": "text",
            "style": "style",
            "draw": "drawing",
            "svg": "svg-compatible",
            "fo": "xsl-fo-compatible",
            "number": "datastyle",
        }.items()
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def open_document(rows, automatic="", named="", *, more=()):
    """Return an .ods with one sheet of these rows, and its automatic and named styles; `more` parts by name."""
    body = f'<office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>'
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:document-content {_SPACES}><office:automatic-styles>{automatic}</office:automatic-styles>{body}</office:document-content>",
        "styles.xml": f"<office:document-styles {_SPACES}><office:styles>{named}</office:styles></office:document-styles>",
        **dict(more),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()
