@testable import VisionModel
@testable import VisionNet
@testable import VisionTraining

/// Tables with commas from bytes.
enum Tables {
  /// The input as each of the tables that are read: of pictures and labels, of a run's pictures, of digits, of values.
  static func csv(_ bytes: UnsafeRawBufferPointer) {
    let input = Array(bytes)
    let path = "\(Sandbox.inside)/table.csv"
    guard Sandbox.replace(path, input) else { return }
    if let folder = try? ImageFolder(path, validation: 0.25) { check(folder) }
    if let text = try? DatasetTable.text(of: path), let records = try? DatasetTable.records(text, path) {
      let again = records.map { $0.1.map(quoted).joined(separator: ",") }.joined(separator: "\n")
      let read = try? DatasetTable.records(again, path).map(\.1)
      require(read == records.map(\.1), "what was written is read")
    }
    if let ledger = try? PictureLedger(contentsOf: path) {
      require((try? ledger.write(to: path)) != nil)
      require((try? PictureLedger(contentsOf: path)) == ledger, "what was written is read")
    }
    let range = ByteRange(input, file: "fuzz")
    if let parts = try? DigitTable.read(range, testEvery: 3) {
      for part in [parts.train, parts.test] { require(part.pixels.count == 784 * part.labels.count) }
    }
    if let text = try? TitledTable.text(range, titles: "a,b,class", classes: ["x", "y"]) {
      require(text.split(separator: "\n").dropFirst().allSatisfy { $0.hasSuffix(",x") || $0.hasSuffix(",y") })
    }
  }

  private static func check(_ folder: ImageFolder) {
    require(Set(folder.labels.map { Array($0.utf8) }).count == folder.labels.count, "each label once")
    for picture in folder.pictures {
      require(!picture.labels.isEmpty && picture.labels.allSatisfy { folder.labels.indices.contains($0) })
      // The table says which file it is, wherever that lies.
      let (path, relative) = (Array(picture.path.utf8), Array(picture.relativePath.utf8))
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
