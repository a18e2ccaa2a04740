#!/usr/bin/env python3
"""Makes a manual page of what a program says of itself: man.py DUMP NAME VERSION TIME

DUMP is the output of --experimental-dump-help, TIME seconds since 1970. The page goes to standard output.
"""

import json
import re
import sys
import time


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = "".join(letter if letter.isascii() else f"\\[u{ord(letter):04X}]" for letter in text)
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def name_of(argument, name):
    return ("-" if name["kind"] == "short" else "-" if name["kind"] == "longWithSingleDash" else "--") + name["name"]


def flags(argument):
    names = ", ".join(f"\\fB{escaped(name_of(argument, name))}\\fR" for name in argument.get("names", []))
    if argument["kind"] == "option":
        names += f" \\fI{escaped(argument['valueName'])}\\fR"
    return names


def paragraphs(text):
    """Paragraphs as they are, indented lines as they stand."""
    result = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if any(line.startswith("  ") for line in lines):
            result += [".PP", ".nf", escaped(block), ".fi"]
        else:
            result += [".PP", escaped(block)]
    return result


def usage(path, command):
    words = [f"\\fB{escaped(' '.join(path))}\\fR"]
    shown = [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]
    if any(argument["kind"] != "positional" for argument in shown):
        words.append("[\\fIOPTIONS\\fR]")
    for argument in shown:
        if argument["kind"] == "positional":
            word = f"\\fI{escaped(argument['valueName'])}\\fR" + ("\\[u2026]" if argument["isRepeating"] else "")
            words.append(f"[{word}]" if argument["isOptional"] else word)
    if any(inner["commandName"] != "help" for inner in command.get("subcommands", [])):
        words.append("\\fICOMMAND\\fR")
    return " ".join(words)


def options(command):
    lines = []
    for argument in command.get("arguments", []):
        if not argument.get("shouldDisplay", True):
            continue
        title = f"\\fI{escaped(argument['valueName'])}\\fR" if argument["kind"] == "positional" else flags(argument)
        text = argument.get("abstract", "")
        default = argument.get("defaultValue")
        if default and "(default:" not in text:
            text += f" (default: {default})"
        lines += [".TP", title, escaped(text)]
    return lines


def main(dump, name, version, seconds):
    command = json.load(open(dump))["command"]
    date = time.strftime("%Y-%m-%d", time.gmtime(int(seconds)))
    page = [f'.TH {name.upper()} 1 {date} "VisionNet {version}" "User Commands"', ".SH NAME",
            f"{escaped(name)} \\- {escaped(re.sub('[.]$', '', command['abstract']))}", ".SH SYNOPSIS", usage([name], command)]
    if command.get("discussion"):
        page += [".SH DESCRIPTION"] + paragraphs(command["discussion"])[1:]
    page += [".SH OPTIONS"] + options(command)

    def tell(path, command):
        nonlocal page
        if command["commandName"] == "help":
            return
        page += [f'.SH "{escaped(" ".join(path).upper())}"', usage(path, command), ".PP", escaped(command.get("abstract", ""))]
        if command.get("discussion"):
            page += paragraphs(command["discussion"])
        page += options(command)
        for inner in command.get("subcommands", []):
            tell(path + [inner["commandName"]], inner)

    for inner in command.get("subcommands", []):
        tell([name, inner["commandName"]], inner)
    print("\n".join(page))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__.strip())
    main(*sys.argv[1:])
