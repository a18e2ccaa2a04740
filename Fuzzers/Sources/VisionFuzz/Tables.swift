@testable import VisionModel
@testable import VisionStore
@testable import VisionData

/// Tables from bytes.
enum Tables {
  /// The input as each of the tables that are read: of images and labels, of a run's images, of digits, of values.
  static func csv(_ bytes: UnsafeRawBufferPointer) {
    let input = Array(bytes)
    let path = "\(Sandbox.inside)/table.csv"
    guard Sandbox.replace(path, input) else { return }
    for column in [nil, "label", "2"] {
      if let folder = try? ImageFolder(path, validation: 0.25, labelColumn: column) { check(folder) }
    }
    if let text = try? DatasetTable.text(of: path) {
      for separator in DelimitedText.separators { delimited(text, separator) }
    }
    if let ledger = try? ImageLedger(contentsOf: path) {
      require((try? ledger.write(to: path)) != nil)
      require((try? ImageLedger(contentsOf: path)) == ledger, "what was written is read")
    }
    let range = ByteRange(input, file: "fuzz")
    if let parts = try? DigitTable.read(range, testEvery: 3) {
      for part in [parts.train, parts.test] { require(part.pixels.count == 784 * part.labels.count) }
    }
    if let text = try? TitledTable.text(range, titles: "a,b,class", classes: ["x", "y"]) {
      require(text.split(separator: "\n").dropFirst().allSatisfy { $0.hasSuffix(",x") || $0.hasSuffix(",y") })
    }
  }

  /// What was written in quotation marks is read as it was, with every separator.
  private static func delimited(_ text: [UInt8], _ separator: UInt8) {
    for trims in [true, false] {
      guard let table = try? DelimitedText(text, separator: separator, place: "fuzz", trims: trims) else {
        continue
      }
      let between = String(decoding: [separator], as: UTF8.self)
      let again = table.records.map { $0.fields.map(quoted).joined(separator: between) }.joined(
        separator: "\n")
      let read = try? DelimitedText(Array(again.utf8), separator: separator, place: "fuzz", trims: trims)
      require(read?.records.map(\.fields) == table.records.map(\.fields), "what was written is read")
      require(
        zip(table.records, table.records.dropFirst()).allSatisfy { $0.line < $1.line }, "lines go up")
    }
  }

  /// A folder with images in folders, of which two are equal, made once.
  private static let images: String = {
    let root = "\(Sandbox.inside)/images"
    for folder in ["", "/train", "/test", "/train/red"] { mkdir(root + folder, 0o755) }
    let files: [(String, [UInt8])] = [
      ("a.png", [0]), ("train/b.png", []), ("train/c.png", []), ("train/0001.png", [1]),
      ("test/0001.png", [2]),
      ("train/red/d.PNG", [3]), ("test/e", [4]),
    ]
    for (name, more) in files { require(Sandbox.replace("\(root)/\(name)", Folders.image + more)) }
    return root
  }()

  /// A table beside images that some of its cells may mean: the columns are found by what is there.
  static func columns(_ bytes: UnsafeRawBufferPointer) {
    let root = images
    guard Sandbox.replace("\(root)/train.csv", Array(bytes)) else { return }
    guard let folder = try? ImageFolder("\(root)/train.csv", validation: 0.25) else { return }
    check(folder)
    let paths = folder.images.map { Array($0.path.utf8) }
    require(Set(paths).count == paths.count, "each image once")
    let held = Set(folder.validation.map { Array($0.path.utf8) })
    // The two files of equal bytes are on one side of a split of training's own.
    let twins = folder.images.filter { ["\(root)/train/b.png", "\(root)/train/c.png"].contains($0.path) }
    if folder.split == .automatic, folder.test.isEmpty {
      require(Set(twins.map { held.contains(Array($0.path.utf8)) }).count < 2, "equal files stay together")
    }
    if let survey = try? FolderSurvey(of: folder, threads: 1) {
      require(survey.data.images.count + survey.skipped.count >= folder.images.count, "none is lost")
    }
  }

  private static func check(_ folder: ImageFolder) {
    require(Set(folder.labels.map { Array($0.utf8) }).count == folder.labels.count, "each label once")
    for image in folder.images {
      require(!image.labels.isEmpty && image.labels.allSatisfy { folder.labels.indices.contains($0) })
      // The table says which file it is, wherever that lies.
      let (path, relative) = (Array(image.path.utf8), Array(image.relativePath.utf8))
      require(path == relative || path.suffix(relative.count + 1) == [UInt8(ascii: "/")] + relative)
    }
    _ = try? folder.check()
    _ = try? folder.checkSingleLabel()
  }

  private static func quoted(_ field: String) -> String {
    let bytes = field.utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }
    return String(decoding: [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")], as: UTF8.self)
  }
}
