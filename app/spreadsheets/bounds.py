"""What an uploaded file may be: judged on its bytes before any spreadsheet library opens it.

Imports nothing of ours but `xls`, because the bounded child process loads it alone.
"""

import copy
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from . import xls

MB = 1024 * 1024
CHUNK = 4 * MB
SAVE_AS = "请用 Excel 或 WPS 打开文件，另存为“Excel 工作簿（*.xlsx）”后重新上传"
USE_TEMPLATE = "请下载本系统的模板，把数据以“粘贴为数值”的方式放入后重新上传"
NEW_SHEET = "请只把有内容的行和列复制到新下载的模板里，再重新上传"

# What zipfile raises on a package that was cut off, flipped or never was one.
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, ValueError, EOFError, OSError)


class BadWorkbook(Exception):
    """A file that is not taken. `sentence` says what is wrong, `cure` what to do."""

    def __init__(self, sentence, cure):
        super().__init__(f"{sentence}。{cure}。")
        self.sentence = sentence
        self.cure = cure


@dataclass(frozen=True)
class Limits:
    file_bytes: int = 24 * MB  # 50,000 rows of the national template, as Excel saves them
    members: int = 500
    unpacked_bytes: int = 400 * MB
    ratio: int = 100
    rows: int = 50_000
    columns: int = 300
    cell_chars: int = 2_000
    # What the child process may use.
    seconds: int = 60
    memory_bytes: int = 1536 * MB
    answer_bytes: int = 400 * MB


def size_within(data, limits):
    if not data:
        raise BadWorkbook("文件是空的，没有任何内容", "请选择填好的工作簿重新上传")
    if len(data) > limits.file_bytes:
        raise BadWorkbook(
            f"文件有 {len(data) / MB:.1f} MB，超过了 {limits.file_bytes / MB:g} MB 的上限",
            "请删去图片和多余的格式，或者分成几个文件上传",
        )


def kind_of(data, name):
    """`xlsx`, `xls` or `csv`: by content, and only when the extension says the same."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension in ("xlsm", "xltm", "xlam", "xlsb"):
        raise BadWorkbook(f".{extension} 文件可以带宏，本系统不接收", SAVE_AS)
    if extension not in ("xlsx", "xls", "csv"):
        raise BadWorkbook("只接收 .xlsx、.xls 和 .csv 三种文件", SAVE_AS)
    if data.startswith(xls.SIGNATURE):
        found = "xls"
        if xls.has_stream(data, "EncryptedPackage"):
            raise BadWorkbook("工作簿设了打开密码，读不出内容", "请在 Excel 中取消密码后重新上传")
    elif data.startswith(b"PK\x03\x04"):
        found = "xlsx"
    else:
        found = "csv" if b"\0" not in data[:4096] else ""
    if found != extension:
        real = {"xlsx": "新版工作簿（.xlsx）", "xls": "旧版工作簿（.xls）", "csv": "纯文本或网页", "": "无法识别的数据"}[found]
        raise BadWorkbook(f"扩展名是 .{extension}，内容却是{real}，不是这种文件", SAVE_AS)
    return found


def inspect_xlsx(data, limits):
    """Refuse a package that hides something or would unpack to too much."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE:
        raise BadWorkbook("文件已损坏，不是完整的工作簿", SAVE_AS) from None
    with package:
        members = package.infolist()
        _judge_directory(members, len(data), limits)
        unpacked = 0
        for member in members:
            if member.is_dir():
                continue
            try:
                unpacked += _judge_member(package, member, limits.unpacked_bytes - unpacked, limits)
            except DAMAGE:
                raise BadWorkbook("文件已损坏，不是完整的工作簿", SAVE_AS) from None


def _judge_directory(members, packed, limits):
    names = [member.filename.lower().replace("\\", "/") for member in members]
    if len(members) > limits.members:
        raise BadWorkbook(f"文件里有 {len(members)} 个部件，超过了 {limits.members} 个的上限", USE_TEMPLATE)
    if any(member.flag_bits & 1 for member in members):
        raise BadWorkbook("工作簿设了打开密码，读不出内容", "请在 Excel 中取消密码后重新上传")
    declared = sum(member.file_size for member in members)
    if declared > limits.unpacked_bytes:
        raise BadWorkbook(f"文件展开后有 {declared / MB:,.0f} MB，超过了 {limits.unpacked_bytes / MB:g} MB 的上限", NEW_SHEET)
    for member in members:
        # Small parts compress well by nature; a bomb is large and compresses far better than cells can.
        if member.file_size > MB and member.file_size > limits.ratio * max(1, member.compress_size):
            raise BadWorkbook(f"文件里有部件压缩了 {limits.ratio} 倍以上，不像正常的工作簿", USE_TEMPLATE)
    if len(set(names)) != len(names) or declared > limits.ratio * packed + MB:
        raise BadWorkbook("文件的内部结构不正常，不是 Excel 或 WPS 存的工作簿", SAVE_AS)
    if "xl/workbook.bin" in names:
        raise BadWorkbook("这是二进制工作簿（.xlsb），本系统不接收", SAVE_AS)
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise BadWorkbook("文件不是工作簿，可能是 Word 文档或压缩包改了扩展名", SAVE_AS)
    if any("vbaproject" in name or name.startswith(("xl/macrosheets/", "xl/dialogsheets/")) for name in names):
        raise BadWorkbook("工作簿里带有宏，本系统不接收", SAVE_AS)
    if any(name.startswith(("xl/externallinks/", "xl/querytables/", "xl/connections", "xl/activex/")) for name in names):
        raise BadWorkbook("工作簿引用了别的文件或外部数据", USE_TEMPLATE)


def _judge_member(package, member, room, limits):
    """Unpack one member piece by piece; the declared size is a claim that is not believed."""
    honest = copy.copy(member)
    honest.file_size = room + 1  # zipfile would stop reading at the declared size
    is_xml = not member.filename.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin"))
    is_sheet = member.filename.lower().startswith("xl/worksheets/") and is_xml
    size, tail = 0, b""
    with package.open(honest) as part:
        while piece := part.read(CHUNK):
            if is_xml and size == 0:
                _plain_utf8(piece)
            size += len(piece)
            if size > room or size > member.file_size:
                raise BadWorkbook("文件展开后比它声明的大，不像正常的工作簿", USE_TEMPLATE)
            if is_xml:
                window = tail + piece
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    raise BadWorkbook("工作簿里有外来的文档定义（DTD），Excel 和 WPS 不会这样存", SAVE_AS)
                if is_sheet:
                    _within_grid(window, limits)
                tail = window[-256:]
    if member.filename.lower().endswith(".rels"):
        _no_outside(package.read(member))
    return size


def _plain_utf8(start):
    """Another encoding could carry a DTD past the search for its ASCII letters."""
    declared = re.match(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", start)
    if b"\0" in start[:64] or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
        raise BadWorkbook("工作簿内部的文字编码不是 UTF-8，Excel 和 WPS 不会这样存", SAVE_AS)


DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?\bref\s*=\s*[\"'](?:[A-Z]+[0-9]+:)?([A-Z]+)([0-9]+)")
LETTERS = re.compile(rb"\sr\s*=\s*[\"']([A-Z]+)[0-9]")
HIGH_ROW = re.compile(rb"\sr\s*=\s*[\"'][A-Z]*([0-9]{5,})[\"']")


def _within_grid(window, limits):
    for letters, row in DIMENSION.findall(window):
        grid_within(int(row), column_number(letters.decode()), limits)
    for letters in set(LETTERS.findall(window)):
        grid_within(1, column_number(letters.decode()), limits)
    for row in set(HIGH_ROW.findall(window)):
        grid_within(int(row), 1, limits)


def grid_within(rows, columns, limits):
    """`rows` counts the header too."""
    if rows > limits.rows + 1:
        raise BadWorkbook(f"工作表用到了第 {rows:,} 行，数据最多 {limits.rows:,} 行", NEW_SHEET)
    if columns > limits.columns:
        raise BadWorkbook(f"工作表用到了第 {columns:,} 列，最多 {limits.columns:,} 列", NEW_SHEET)


def _no_outside(rels):
    try:
        links = SafeTree.fromstring(rels)
    except (DefusedXmlException, SafeTree.ParseError):
        raise BadWorkbook("文件已损坏，不是完整的工作簿", SAVE_AS) from None
    for link in links:
        # Excel makes a hyperlink of every mail address that is typed: those lead nowhere by themselves.
        if link.get("TargetMode") == "External" and not link.get("Type", "").endswith("/hyperlink"):
            raise BadWorkbook("工作簿引用了别的文件或外部数据", USE_TEMPLATE)


def inspect_xls(data, limits):
    try:
        found = xls.survey(data)
    except xls.Broken:
        raise BadWorkbook("文件已损坏，不是完整的工作簿", SAVE_AS) from None
    if found.encrypted:
        raise BadWorkbook("工作簿设了打开密码，读不出内容", "请在 Excel 中取消密码后重新上传")
    if found.macros:
        raise BadWorkbook("工作簿里带有宏，本系统不接收", SAVE_AS)
    if found.outside:
        raise BadWorkbook("工作簿引用了别的文件或外部数据", USE_TEMPLATE)
    grid_within(found.rows, found.columns, limits)


def column_number(letters):
    """A is 1, BS is 71."""
    number = 0
    for letter in letters[:8]:
        number = number * 26 + ord(letter) - 64
    return number


def column_letter(number):
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
