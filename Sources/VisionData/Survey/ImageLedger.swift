public import VisionSystem
import VisionTensor

/// A record of a run's images at its beginning, with which a resumed run compares its data.
///
/// As a file it is a table with a line `part,label,sha256,path` for each image.
public struct ImageLedger: Sendable, Hashable {
  /// The name of the file in a run's folder.
  public static let fileName = "pictures.csv"

  struct Entry: Sendable, Hashable {
    /// `train`, `val` or `test`.
    let part: String
    let label: String
    let hash: String
    let path: String
  }

  let entries: [Entry]

  init(entries: [Entry]) { self.entries = entries }

  /// Records the usable images.
  public init(_ survey: FolderSurvey) { self.init(survey.data, hashes: survey.hashes) }

  /// - Parameter hashes: the hashes of the files of `data.images`, in the same order.
  package init(_ data: ImageFolder, hashes: [ContentHash]) {
    let parts =
      data.training.map { _ in "train" } + data.validation.map { _ in "val" } + data.test.map { _ in "test" }
    entries = zip(data.images, zip(parts, hashes)).map { image, rest in
      Entry(
        part: rest.0, label: data.labels[image.label], hash: rest.1.hexadecimal, path: image.relativePath)
    }
  }

  /// Reads the file.
  ///
  /// - Throws: `TrainingError` when the file cannot be read or is not such a table.
  public init(contentsOf path: String) throws(TrainingError) {
    var entries: [Entry] = []
    do throws(DatasetError) {
      // Names may begin or end with spaces.
      let table = try DelimitedText(
        DatasetTable.text(of: path), separator: UInt8(ascii: ","), place: path, trims: false)
      for record in table.records where record.line > 1 {
        let fields = record.fields
        guard fields.count == 4 else {
          throw DatasetError(
            .table, "the line has \(fields.count) fields, not 4", place: "\(path), line \(record.line)")
        }
        entries.append(Entry(part: fields[0], label: fields[1], hash: fields[2], path: fields[3]))
      }
    } catch { throw TrainingError(error) }
    self.entries = entries
  }

  /// The contents of the file.
  package var text: String {
    var text = "part,label,sha256,path\n"
    for entry in entries {
      text += "\(entry.part),\(Self.quoted(entry.label)),\(entry.hash),\(Self.quoted(entry.path))\n"
    }
    return text
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
    // By scalars, because a quotation mark with a combining accent is a single character.
    var result = "\""
    for scalar in text.unicodeScalars { result.unicodeScalars += scalar == "\"" ? ["\"", "\""] : [scalar] }
    result.unicodeScalars.append("\"")
    return result
  }

  /// Compares the current images with the recorded ones.
  ///
  /// - Throws: `TrainingError` with code `dataChanged` that says what is missing, new, moved or different.
  public func check(_ survey: FolderSurvey) throws(TrainingError) {
    try check(ImageLedger(survey), survey.data.root)
  }

  package func check(_ ledger: ImageLedger, _ root: String) throws(TrainingError) {
    let now = ledger.entries
    let (old, new) = (Self.classes(entries), Self.classes(now))
    guard old == new else {
      throw changed(
        [
          Self.list("the class", "the classes", "no longer there", old.filter { !new.contains($0) }),
          Self.list("the class", "the classes", "new", new.filter { !old.contains($0) }),
        ], root)
    }
    // Paths are compared by bytes.
    let before = Dictionary(
      entries.map { (Array($0.path.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(now.map { (Array($0.path.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    let missing = entries.filter { after[Array($0.path.utf8)] == nil }.map(\.path)
    let added = now.filter { before[Array($0.path.utf8)] == nil }.map(\.path)
    var (different, moved): ([String], [String]) = ([], [])
    for entry in now {
      guard let then = before[Array(entry.path.utf8)] else { continue }
      if then.hash != entry.hash { different.append(entry.path) }
      if then.part != entry.part || then.label != entry.label { moved.append(entry.path) }
    }
    guard missing.isEmpty, added.isEmpty, different.isEmpty, moved.isEmpty, entries == now else {
      throw changed(
        [
          Self.list("image", "images", "missing or unreadable", missing),
          Self.list("image", "images", "new", added),
          Self.list("image", "images", "changed", different),
          Self.list("image", "images", "of another class or part", moved),
        ], root)
    }
  }

  private func changed(_ what: [String], _ root: String) -> TrainingError {
    let what = what.filter { !$0.isEmpty }
    return TrainingError(
      .dataChanged,
      "the data changed since the run began: \(what.isEmpty ? "another order" : what.joined(separator: "; "))",
      place: root, remedy: "put the images back as they were, or begin a new run")
  }

  private static func classes(_ entries: [Entry]) -> [String] {
    Set(entries.map { Array($0.label.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// For example `2 images are new (a.png, b.png)`; empty when there are none.
  private static func list(_ one: String, _ many: String, _ state: String, _ names: [String]) -> String {
    guard let first = names.first else { return "" }
    if one.hasPrefix("the ") {
      let quoted = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 5 ? ", …" : "")
      return "\(names.count == 1 ? one : many) \(quoted) \(names.count == 1 ? "is" : "are") \(state)"
    }
    guard names.count > 1 else { return "1 \(one) is \(state) (\(first))" }
    let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    return "\(names.count) \(many) are \(state) (\(shown))"
  }
}
