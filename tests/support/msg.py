"""A mail as Outlook saves one (.msg): properties and attachments in a compound file (MS-OXMSG in MS-CFB)."""

import datetime as dt
import struct

SECTOR, SMALL = 512, 64
END, FREE, FAT, NOBODY = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
SUBMITTED, DATA, LONG_NAME, METHOD = 0x00390040, 0x37010102, 0x3707001F, 0x37050003
HTML, CONTENT_ID, HIDDEN = 0x10130102, 0x3712001F, 0x7FFE000B


def write_msg(files, sent=None, *, html=b"", identities=(), hidden=()):
    """Return the bytes of a mail with files (name, bytes), sent at a time (aware).

    `identities` are the Content-IDs by name, `hidden` the names that Outlook does not list as attachments.
    """
    epoch = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
    ticks = int((sent - epoch).total_seconds()) * 10_000_000 if sent else 0
    fixed = _fixed(SUBMITTED, struct.pack("<Q", ticks)) if sent else b""
    if html:
        fixed += _fixed(HTML, struct.pack("<II", len(html), 0))
    root = {"__properties_version1.0": bytes(8) + struct.pack("<IIII", 0, len(files), 0, len(files)) + bytes(8) + fixed}
    if html:
        root[f"__substg1.0_{HTML:08X}"] = html
    root["__nameid_version1.0"] = {f"__substg1.0_000{number}0102": b"" for number in (2, 3, 4)}
    for number, (name, content) in enumerate(files):
        texts = {LONG_NAME: name} | ({CONTENT_ID: dict(identities)[name]} if name in dict(identities) else {})
        wide = {tag: text.encode("utf-16-le") for tag, text in texts.items()}
        described = _fixed(METHOD, struct.pack("<II", 1, 0))
        described += _fixed(DATA, struct.pack("<II", len(content), 0))
        described += b"".join(_fixed(tag, struct.pack("<II", len(text) + 2, 0)) for tag, text in wide.items())
        described += _fixed(HIDDEN, struct.pack("<II", name in hidden, 0))
        root[f"__attach_version1.0_#{number:08X}"] = {
            "__properties_version1.0": bytes(8) + described,
            f"__substg1.0_{DATA:08X}": content,
        } | {f"__substg1.0_{tag:08X}": text for tag, text in wide.items()}
    return compound(root)


def _fixed(tag, value):
    return struct.pack("<II", tag, 6) + value


def compound(tree):
    """Return a compound file of storages (dictionaries) and streams (bytes)."""
    entries, contents = [], []
    _collect("Root Entry", ROOT, tree, entries, contents)
    small, small_fat, large, large_starts = b"", [], [], {}
    for index, content in contents:
        if not content:
            entries[index]["start"] = END
        elif len(content) < 4096:
            count = -(-len(content) // SMALL)
            entries[index]["start"] = len(small_fat)
            small_fat += [*range(len(small_fat) + 1, len(small_fat) + count), END]
            small += content.ljust(count * SMALL, b"\0")
        else:
            large.append((index, content))
    fat, body = [], b""

    def put(content):
        nonlocal body
        count = -(-len(content) // SECTOR)
        start = len(fat)
        fat.extend([*range(start + 1, start + count), END] if count else [])
        body += content.ljust(count * SECTOR, b"\0")
        return start if count else END

    for index, content in large:
        large_starts[index] = entries[index]["start"] = put(content)
    entries[0]["start"], entries[0]["size"] = put(small), len(small)
    small_start = put(
        b"".join(struct.pack("<I", each) for each in small_fat).ljust(-(-len(small_fat) // 128) * 512, b"\xff")
    )
    directory = put(b"".join(map(_entry, entries)))
    sectors = 1
    while (len(fat) + sectors) > sectors * 128:
        sectors += 1
    first = len(fat)
    table = [*fat, *[FAT] * sectors]
    body += struct.pack(f"<{sectors * 128}I", *table, *[FREE] * (sectors * 128 - len(table)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIII", 0, sectors, directory, 0, 4096, small_start, -(-len(small_fat) // 128), END)
    head += struct.pack("<I", 0)
    places = [first + each for each in range(sectors)]
    return head + struct.pack("<109I", *places, *[FREE] * (109 - sectors)) + body


def _collect(name, kind, content, entries, contents):
    """Add an entry and what is below it; siblings hang in a chain to the right, in the order of the format."""
    index = len(entries)
    entries.append({"name": name, "kind": kind, "right": NOBODY, "child": NOBODY, "start": 0, "size": 0})
    if kind == STREAM:
        entries[index]["size"] = len(content)
        contents.append((index, content))
        return index
    before = None
    for each in sorted(content, key=lambda name: (len(name), name.upper())):
        is_stream = isinstance(content[each], bytes)
        number = _collect(each, STREAM if is_stream else STORAGE, content[each], entries, contents)
        if before is None:
            entries[index]["child"] = number
        else:
            entries[before]["right"] = number
        before = number
    return index


def _entry(entry):
    wide = entry["name"].encode("utf-16-le") + b"\0\0"
    return (
        wide.ljust(64, b"\0")
        + struct.pack("<HBB", len(wide), entry["kind"], 1)
        + struct.pack("<III", NOBODY, entry["right"], entry["child"])
        + bytes(36)
        + struct.pack("<IQ", entry["start"], entry["size"])
    )
