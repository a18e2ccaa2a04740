import Foundation
import Testing
import VisionSystem
import VisionImage
import VisionTestSupport

@testable import VisionData

/// Tables as people's programs write them, over images that are there: six in `img/red` and `img/green` each.
@Suite struct TableReadingTests {
  private let folder: SampleFolder
  private let rows: [(path: String, label: String)]

  init() throws {
    folder = try SampleFolder()
    for (channel, label) in ["red", "green"].enumerated() {
      for number in 0..<6 {
        try folder.write(
          SampleFolder.image(number, channel: channel), to: "img/\(label)/\(label)\(number).png")
      }
    }
    rows = ["red", "green"].flatMap { label in
      (0..<6).map { ("img/\(label)/\(label)\($0).png", label) }
    }
  }

  private func read(_ text: String, labelColumn: String? = nil, name: String = "t.csv") throws -> ImageFolder
  {
    try folder.write(Array(text.utf8), to: name)
    return try ImageFolder(folder.file(name), validation: 0, labelColumn: labelColumn)
  }

  private func error(_ text: String, labelColumn: String? = nil) throws -> DatasetError {
    do {
      let data = try read(text, labelColumn: labelColumn)
      try data.check()
      try data.checkSingleLabel()
    } catch let error as DatasetError { return error }
    throw CancellationError()
  }

  private func table(
    _ separator: String = ",", heading: String? = nil, end: String = "\n",
    _ row: (Int, String, String) -> [String] = { [$1, $2] }
  ) -> String {
    let lines = rows.enumerated().map { row($0, $1.path, $1.label).joined(separator: separator) }
    return ((heading.map { [$0] } ?? []) + lines).joined(separator: end) + end
  }

  /// Whether the twelve images are read, each with its color as its label.
  private func isRead(_ data: ImageFolder) -> Bool {
    data.labels == ["green", "red"] && data.images.count == 12
      && data.images.allSatisfy { image in
        image.path.contains("img/\(data.labels[image.label])/")
          && FileManager.default.fileExists(atPath: image.path)
      }
  }

  @Test(arguments: [",", ";", "\t", "|"]) func theSeparatorIsFoundOut(_ separator: String) throws {
    for end in ["\n", "\r\n", "\r"] {
      #expect(isRead(try read(table(separator, end: end))))
      #expect(isRead(try read(table(separator, heading: "path\(separator)label", end: end))))
      // Names that nobody has heard of.
      #expect(isRead(try read(table(separator, heading: "Datei\(separator)Klasse", end: end))))
    }
    #expect(isRead(try read("sep=\(separator)\n" + table(separator, heading: "path\(separator)label"))))
  }

  @Test func blanksAndQuotationMarksAreNoPartOfALabel() throws {
    #expect(isRead(try read(table(heading: "path,label") { ["\"\($1)\"", " \"\($2)\" "] })))
    #expect(
      isRead(
        try read(
          table(heading: "path , label") { number, path, label in
            [path, number % 2 == 0 ? "\(label)  " : " \(label)\u{a0}"]
          })))
  }

  @Test func otherSeparatorsMayStandInFields() throws {
    let data = try read(table(";", heading: "x;path;label") { ["\($0),5", $1, "\($2), light"] })
    #expect(data.labels == ["green, light", "red, light"])
    #expect(data.notes.contains { $0.contains("'path'") && $0.contains("not used: 'x'") }, "\(data.notes)")
  }

  @Test func columnsAreFoundByWhatTheyHold() throws {
    #expect(isRead(try read(table(heading: "category,file_name") { [$2, $1] })))
    #expect(isRead(try read(table { [$2, $1] })))
    #expect(isRead(try read(table(heading: ",image,label") { ["\($0)", $1, $2] })))
    #expect(isRead(try read(table(heading: "Width,Height,Class,Path") { ["\(30 + $0)", "40", $2, $1] })))
    // Numbers and names of the same classes.
    #expect(
      isRead(try read(table(heading: "path,class_id,class_name") { [$1, $2 == "red" ? "7" : "3", $2] })))
    // The only column whose values repeat.
    #expect(isRead(try read(table(heading: "photo,taken,what") { [$1, "2026-01-\($0 + 10)", $2] })))
    // Spreadsheets leave empty columns and lines.
    #expect(isRead(try read(table(heading: "path,label,,") { [$1, $2, "", ""] } + ",,,\n , ,,\n")))
  }

  @Test func whatIsNotClearIsRefusedWithTheColumns() throws {
    let text = table(heading: "path,front,back") { [$1, $2, $0 % 2 == 0 ? "a" : "b"] }
    let unclear = try error(text)
    #expect(unclear.kind == .table)
    #expect(unclear.message.contains("'path', 'front', 'back'"), "\(unclear.message)")
    #expect(unclear.remedy?.contains("--label-column") == true)
    #expect(isRead(try read(text, labelColumn: "front")))
    #expect(isRead(try read(text, labelColumn: "Front")))
    #expect(try read(text, labelColumn: "back").labels == ["a", "b"])
    #expect(try error(text, labelColumn: "side").message.contains("no column 'side'"))
    #expect(try error(text, labelColumn: "path").message.contains("paths of the images"))
    let bare = table { [$1, $0 % 2 == 0 ? "a" : "b", $2] }
    #expect(try error(bare).kind == .table)
    #expect(isRead(try read(bare, labelColumn: "3")))
    #expect(try error(bare, labelColumn: "4").kind == .table)
    #expect(
      try error(table(heading: "path,label") { ["\($0)", $1, $2] }).message.contains("2 headings over 3"))
    #expect(throws: DatasetError.self) { try ImageFolder(folder.file("img"), labelColumn: "label") }
  }

  @Test func aColumnMayNameTheParts() throws {
    let parts = ["train", "Training", "valid", "TEST"]
    let data = try read(table(heading: "path,label,split") { [$1, $2, parts[$0 % 4]] })
    #expect(isRead(data))
    #expect((data.training.count, data.validation.count, data.test.count) == (6, 3, 3))
    #expect(data.split == .given)
    let asked = try read(table(heading: "path,is_test,label") { [$1, $0 % 3 == 0 ? "True" : "False", $2] })
    #expect(isRead(asked))
    #expect((asked.test.count, asked.split) == (4, .automatic))
    #expect(try read(table { [$1, $2, parts[$0 % 4]] }).test.count == 3)
    let wrong = try error(table(heading: "path,label,split") { [$1, $2, $0 == 5 ? "tset" : "train"] })
    #expect(wrong.kind == .table && wrong.place?.hasSuffix("line 7") == true, "\(wrong)")
    // Where nothing else is left, such names are labels, with a warning.
    let classes = try read(table(heading: "path,what") { number, path, _ in [path, parts[number % 2 * 3]] })
    #expect(classes.labels == ["TEST", "train"])
    #expect(classes.warnings.contains { $0.contains("like parts of the data") })
  }

  @Test func aColumnForEachClassIsRead() throws {
    #expect(
      isRead(
        try read(
          table(heading: "image,red,green") { [$1, $2 == "red" ? "1" : "0", $2 == "red" ? "0" : "1"] })))
    #expect(
      isRead(
        try read(
          table(heading: "image,age,red,green") {
            [$1, "\($0)", $2 == "red" ? "1.0" : "0.0", $2 == "red" ? "-1" : "1"]
          })))
    let several = try read(table(heading: "image,any,green") { [$1, "1", $2 == "green" ? "1" : "0"] })
    #expect(several.isMultiLabel && several.labels == ["any", "green"])
    let none = try error(
      table(heading: "image,a,b") { number, path, _ in [path, number == 3 ? "0" : "1", "0"] })
    #expect(none.place?.hasSuffix("line 5") == true, "\(none)")
  }

  @Test func pathsOfOtherMachinesAreFound() throws {
    for text in [
      table(heading: "path,label") { [$1.replacingOccurrences(of: "/", with: "\\"), $2] },
      table { ["C:\\data\\set 1\\" + $1.replacingOccurrences(of: "/", with: "\\"), $2] },
      table(heading: "path,label") { ["/kaggle/input/colors/\($1)", $2] },
      table(heading: "path,label") { ["./\($1)", $2] },
      table(heading: "path,label") { [$1.uppercased(), $2] },
      // Names alone, with and without the ending.
      table(heading: "filename,label") { [String($1.split(separator: "/")[2]), $2] },
      table(heading: "id,breed") { [String($1.split(separator: "/")[2].dropLast(4)), $2] },
      table(heading: "image_id,label") { [String($1.dropLast(4)), $2] },
    ] {
      #expect(isRead(try read(text)), "\(text.prefix(60))")
    }
  }

  @Test func whatSeveralFilesMayBeMeantByIsRefused() throws {
    for part in ["train", "test"] {
      try folder.write(SampleFolder.image(1, channel: 2), to: "\(part)/0.png")
    }
    let several = try error("id,label\n0,red\n")
    #expect(several.kind == .table && several.message.contains("test/0.png, train/0.png"), "\(several)")
    // The name of the table tells which.
    #expect(try read("id,label\n0,red\n", name: "train.csv").images[0].relativePath == "train/0.png")
    // What differs from row to row must be there.
    let data = try read("path,label\nimg/blue/red0.png,red\nimg/red/red1.png,red\n")
    #expect(data.images.map(\.relativePath) == ["img/blue/red0.png", "img/red/red1.png"])
  }

  @Test func aRepeatedLineCountsOnce() throws {
    let data = try read(table(heading: "path,label") + "img/red/red3.png,red\n./img/red/red3.png, red \n")
    #expect(isRead(data))
    #expect(
      data.notes.contains { $0.hasPrefix("2 lines repeat") && $0.contains("line 14 that of line 5") },
      "\(data.notes)"
    )
    try data.checkSingleLabel()
    let survey = try FolderSurvey(of: ImageFolder(data.root))
    #expect(survey.data.images.count == 12)
  }

  @Test func anImageWithTwoLabelsIsRefusedByBoth() throws {
    let wrong = try error(table(heading: "path,label") + "img/red/red3.png,green\n")
    #expect(wrong.kind == .severalLabels && wrong.place == folder.file("img/red/red3.png"))
    #expect(wrong.message.contains("'red' (line 5) and 'green' (line 14)"), "\(wrong.message)")
    let split = try error(
      table(heading: "path,label,split") { [$1, $2, "train"] } + "img/red/red3.png,red,test\n")
    #expect(split.message.contains("in train (line 5)") && split.message.contains("in test (line 14)"))
    // In one line they are several labels of an image.
    #expect(try read(table { [$1, "\($2);any"] }).labels == ["any", "green", "red"])
  }

  @Test func encodingsOfOtherSystemsAreRead() throws {
    let text = table("\t", heading: "path\tlabel")
    var wide: [UInt8] = [0xff, 0xfe]
    for unit in text.utf16 { wide += [UInt8(unit & 255), UInt8(unit >> 8)] }
    for bytes in [wide, Array(wide[2...])] {
      try folder.write(bytes, to: "wide.txt")
      #expect(isRead(try ImageFolder(folder.file("wide.txt"), validation: 0)))
    }
    try folder.write(Array("path,label\nimg/red/red0.png,r".utf8) + [0xe9, 10], to: "old.csv")
    do {
      _ = try ImageFolder(folder.file("old.csv"))
      Issue.record("no error")
    } catch {
      #expect(error.kind == .table && error.place == "\(folder.file("old.csv")), line 2")
    }
  }

  @Test func labelsThatLookAlikeAreTold() throws {
    let data = try read(table { [$1, $0 % 2 == 0 ? $2 : $2.capitalized] })
    #expect(data.labels.count == 4)
    #expect(data.warnings.count { $0.contains("differ only in how they are written") } == 2)
  }
}
