"""Relatives of the rows on tables: other separators, encodings, headings, columns, line ends, repeated rows."""

from rows import expect, images, row, short

THREE = ["blue", "green", "red"]
ROWS_OF = [(f"img/{c}/{c}{i:03d}.png", c) for c in THREE for i in range(6)]


def table(w, data, name="t.csv", folder=True):
    if folder:
        images(w.folder / "img")
    file = w.folder / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return file


def lines(line, heading="path,label", end="\n"):
    return end.join([heading] * bool(heading) + [line(p, c) for p, c in ROWS_OF]) + end


def reads(title, data, name="t.csv", labels=THREE, images=18, **options):
    @row("6+", title)
    def _(w): w.train(table(w, data, name), labels=labels, images=images, **options)


plain = lines(lambda p, c: f"{p},{c}")
reads("tabs", lines(lambda p, c: f"{p}\t{c}", "path\tlabel"), "t.tsv")
reads("tabs in a file called .csv", lines(lambda p, c: f"{p}\t{c}", "path\tlabel"))
reads("semicolons and commas in labels", lines(lambda p, c: f"{p};{c}, dark", "path;label"),
      labels=[c + ", dark" for c in THREE])
reads("semicolons, all quoted", lines(lambda p, c: f'"{p}";"{c}"', '"path";"label"'))
reads("a byte order mark before the heading", "\ufeff" + plain)
reads("a byte order mark and no heading", "\ufeff" + lines(lambda p, c: f"{p},{c}", ""))
reads("UTF-16, little end first", plain.encode("utf-16"))
reads("UTF-16, big end first", b"\xfe\xff" + plain.encode("utf-16-be"))
reads("lines end with CR LF", lines(lambda p, c: f"{p},{c}", end="\r\n"))
reads("lines end with CR", lines(lambda p, c: f"{p},{c}", end="\r"))
reads("no end of the last line", plain.rstrip("\n"))
reads("empty lines between", lines(lambda p, c: f"{p},{c}\n"))
reads("no heading", lines(lambda p, c: f"{p},{c}", ""))
reads("blanks around every field", lines(lambda p, c: f"  {p} ,  {c}  ", " path , label "))
reads("quoted with blanks outside", lines(lambda p, c: f'"{p}" , "{c}" '))
reads("quotation marks inside a label", lines(lambda p, c: f'{p},"the ""{c}"" one"'),
      labels=[f'the "{c}" one' for c in THREE])
reads("label first, path second", lines(lambda p, c: f"{c},{p}", "label,path"))
for heading in ("filename,class", "Image,Class", "file,species", "img_path,target", "image_id,breed", "Filepath,Category",
                "image,what", "x,y", "image,label_name"):
    reads(f"heading {heading}", lines(lambda p, c: f"{p},{c}", heading))
reads("other columns beside", lines(lambda p, c: f"7,{p},24,24,{c}", "id,filename,width,height,label"))
reads("a number for each row first, heading empty", "\n".join(
    [",path,label"] + [f"{i},{p},{c}" for i, (p, c) in enumerate(ROWS_OF)]) + "\n")
reads("a column for the split", "\n".join(
    ["path,label,split"] + [f"{p},{c},{('train', 'train', 'train', 'valid', 'test', 'test')[i % 6]}"
                            for i, (p, c) in enumerate(ROWS_OF)]) + "\n", test=6)
reads("a column called set with Training, Validation, Testing", "\n".join(
    ["image,class,set"] + [f"{p},{c},{('Training', 'Training', 'Training', 'Validation', 'Testing', 'Testing')[i % 6]}"
                           for i, (p, c) in enumerate(ROWS_OF)]) + "\n", test=6)
reads("one-hot columns", "\n".join(
    ["filename,blue,green,red"] + [f"{p},{int(c == 'blue')},{int(c == 'green')},{int(c == 'red')}"
                                   for p, c in ROWS_OF]) + "\n")
reads("one-hot columns of 0.0 and 1.0", "\n".join(
    ["image,blue,green,red"] + [f"{p},{c == 'blue':d}.0,{c == 'green':d}.0,{c == 'red':d}.0" for p, c in ROWS_OF])
    + "\n")
reads("paths without the ending", lines(lambda p, c: f"{p[:-4]},{c}"))
reads("Windows paths", lines(lambda p, c: p.replace("/", "\\") + f",{c}"))
reads("paths from ./", lines(lambda p, c: f"./{p},{c}"))
reads("labels that are numbers", lines(lambda p, c: f"{p},{THREE.index(c)}"), labels=["0", "1", "2"])
reads("a row twice, the path spelled otherwise", plain + "./img/red/red000.png,red\n",
      notes="twice|repeat|duplicate|again|same")
reads("all rows three times", plain + lines(lambda p, c: f"{p},{c}", "") * 2, notes="twice|repeat|duplicate|again|same|times")
reads("a comma at the end of each line", lines(lambda p, c: f"{p},{c},", "path,label,"))
reads("labels outside ASCII", lines(lambda p, c: f"{p},größe {c}"), labels=[f"größe {c}" for c in THREE])


@row("6+", "absolute paths")
def _(w): w.train(table(w, lines(lambda p, c: f"{w.folder}/{p},{c}")), labels=THREE, images=18)


@row("6+", "identifiers whose images lie beside the table")
def _(w):
    images(w.folder)
    data = "\n".join(["id,label"] + [f"{c}/{c}{i:03d},{c}" for c in THREE for i in range(6)]) + "\n"
    w.train(table(w, data, folder=False), labels=THREE, images=18)


@row("6+", "two columns may be the label: --label-column decides")
def _(w):
    data = "\n".join(["path,color,size"] + [f"{p},{c},{('small', 'large')[i % 2]}" for i, (p, c) in enumerate(ROWS_OF)])
    file = table(w, data + "\n")
    outcome = w.run("train", file, "--from-scratch", "--epochs", "1", "-o", "t")
    told = "color" in outcome.err and "size" in outcome.err
    expect(told or outcome.status in (64, 65), f"asked for, or which is taken and which is not: {short(outcome.err)}")
    w.train(file, "--label-column", "size", labels=["large", "small"], images=18)
    w.train(file, "--label-column", "color", labels=THREE, images=18, name="again")


@row("6+", "a label column that is not there")
def _(w):
    w.refused("train", table(w, plain), "--label-column", "breed", "--from-scratch", "-o", "t", says="breed")


@row("6+", "a path with two labels, spelled otherwise")
def _(w):
    w.refused("train", table(w, plain + "./img/red/red000.png,blue\n"), "--from-scratch", "--epochs", "1", "-o", "t",
              says="red000")


@row("6+", "quotation marks that do not end are an error with the line")
def _(w):
    w.refused("train", table(w, plain + '"img/red/red000.png,red\n'), "--from-scratch", "-o", "t", says="line 20|quot")


@row("6+", "a table of nothing but a heading")
def _(w): w.refused("train", table(w, "path,label\n"), "--from-scratch", "-o", "t", says="no |empty|without",
              statuses=(64, 65, 66))


@row("6+", "a file that is no table")
def _(w): w.refused("train", table(w, bytes(range(256)) * 8), "--from-scratch", "-o", "t", says="t.csv")


@row("6+", "evaluate and doctor read the same tables")
def _(w):
    file = table(w, lines(lambda p, c: f'"{p}" ; "{c}" ', "Image;Class"))
    w.train(file, labels=THREE, images=18)
    value, _ = w.json("evaluate", w.folder / "run/model.onnx", file, "--format", "json")
    expect(value["images"] == 18, f"18 images, not {value['images']}")
    outcome = w.run("doctor", file)
    expect(" 18" in outcome.out, f"18 images: {short(outcome.out)}")
