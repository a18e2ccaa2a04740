"""Measures functions and types of Swift and C, as far as formatted files need it: Swift by braces and indentation, C by what
begins and ends in the first column."""

import re

# An interpolation may hold parentheses and strings, two deep.
CODE = r'\((?:[^()"\n]|"(?:\\.|[^"\\\n])*"|\((?:[^()\n]|\([^()\n]*\))*\))*\)'
TEXT = re.compile(rf'//[^\n]*|/\*.*?\*/|(#*)""".*?"""\1|(#+)".*?"\2|"(?:\\{CODE}|\\.|[^"\\\n])*"', re.DOTALL)
C_TEXT = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:\\\n|[^\n])*",
                    re.DOTALL | re.MULTILINE)
MODIFIERS = r"\s*(?:@\w+(?:\(.*?\))?\s+|[a-z]\w*(?:\([\w ,:]+\))?\s+)*?"
FUNCTION = re.compile(MODIFIERS + r"(?:func\s+([^\s(<]+)|(init|subscript)\b[?!]?\s*[(<]|(deinit)\b)")
TYPE = re.compile(MODIFIERS + r"(?:struct|class|actor)\s+([A-Z]\w*)")
PROPERTY = re.compile(MODIFIERS + r"(?:var|let)\s+([^:=]+)(.*)")


def blank(text, pattern=TEXT):
    """Code without comments and strings, line for line."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def indent(line):
    return len(line) - len(line.lstrip())


def end(lines, first):
    """The line in which the body of what line `first` declares ends, or None where it has none."""
    depth, opened = 0, False
    for number in range(first, len(lines)):
        line = lines[number]
        if number > first and not opened and line.strip() and indent(line) <= indent(lines[first]):
            if not re.match(r"\s*(?:[){]|where\b)", line):
                return None
        opened = opened or "{" in line
        depth += line.count("{") - line.count("}")
        if depth < 0:
            return None
        if opened and depth == 0:
            return number
    return None


def swift_functions(code):
    """Names and lines of the functions, initializers and subscripts of blanked Swift."""
    lines = code.split("\n")
    for first, line in enumerate(lines):
        found = FUNCTION.match(line)
        last = found and end(lines, first)
        if last is not None:
            yield next(filter(None, found.groups())), last - first + 1


def stored_properties(code):
    """Names of the structures, classes and actors of blanked Swift, and how many properties each stores."""
    lines = code.split("\n")
    for first, line in enumerate(lines):
        found = TYPE.match(line)
        last = found and end(lines, first)
        if last is None:
            continue
        count = 0
        for number in range(first + 1, last):
            property = PROPERTY.match(lines[number])
            if not property or indent(lines[number]) != indent(line) + 2 or re.match(r".*\b(static|class)\b.*\b(var|let)\b", lines[number]):
                continue
            kind, following = property[2], lines[number + 1].strip()
            opens = "{" in kind.split("=")[0] or following == "{"
            observed = re.search(r"\b(?:willSet|didSet)\b", kind + following)
            if "{" in property[1] or opens and not observed:
                continue
            count += property[1].count(",") + 1
        yield found[1], count


def c_functions(text):
    """Names and lines of the functions of C."""
    lines = blank(text, C_TEXT).split("\n")
    first = None
    for number, line in enumerate(lines):
        if re.match(r"\w", line) and first is None:
            first = number
        if first is None:
            continue
        declaration = " ".join(lines[first:number + 1])
        if "{" not in declaration:
            first = None if ";" in declaration else first
        elif line.startswith("}") or line.endswith("}") and number == first:
            name = re.match(r"[^={]*?(?:V\w+\()?(\w+)\)?\s*\([^={]*\{", declaration)
            if name and not re.match(r"(typedef|enum|struct \w+ \{|union|extern)", declaration):
                yield name[1], number - first + 1
            first = None
