/// The files of a data set as training would list them, and what is to be said about the list.
struct PictureListing {
  struct Entry {
    let path: String
    let label: Int
    let split: Int
  }

  let root: String
  private(set) var labels: [String] = []
  private(set) var splits = ["all"]
  private(set) var entries: [Entry] = []
  private(set) var findings: [Finding] = []
  /// Nil where the list itself is wrong.
  private(set) var folder: ImageFolder?

  /// Whether training itself decides which pictures are held back.
  var isSplitLater: Bool { folder?.split == .automatic }

  init(_ root: String) throws(DatasetError) {
    var path = root
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.root = path
    let kind = FolderEntry.kind(of: path)
    do {
      let folder = try ImageFolder(path)
      self.folder = folder
      list(folder)
      for file in folder.skipped { findings.append(Self.finding(file)) }
      // Of a folder the survey tells it with the paths.
      if kind != .folder {
        for note in folder.notes {
          findings.append(Finding(.note, .ignored, paths: [path], note, remedy: "check that this is meant"))
        }
      }
    } catch {
      if kind == nil || error.kind == .unreadable && error.place == path { throw error }
      findings.append(Self.finding(error))
      if error.kind == .classes { listUnmatched() }
    }
    if kind == .folder { findings += LeftOutFiles(path).findings }
  }

  private mutating func list(_ folder: ImageFolder) {
    labels = folder.labels
    let isAutomatic = folder.split == .automatic
    var parts: [(name: String, pictures: [LabelledPicture])] = [
      (isAutomatic && folder.test.isEmpty ? "all" : "train", folder.training)
    ]
    if isAutomatic {
      // The split of a run to come is no split of the data.
      parts[0].pictures = (folder.training + folder.validation).sorted {
        $0.relativePath.utf8.lexicographicallyPrecedes($1.relativePath.utf8)
      }
    } else {
      parts.append(("val", folder.validation))
    }
    if !folder.test.isEmpty { parts.append(("test", folder.test)) }
    splits = parts.map(\.name)
    for (split, part) in parts.enumerated() {
      entries += part.pictures.map { Entry(path: $0.path, label: $0.label, split: split) }
    }
  }

  /// Folders of splits whose classes differ: what is there is examined all the same.
  private mutating func listUnmatched() {
    let parts = [("train", ["train"]), ("val", ["val", "valid", "validation"]), ("test", ["test"])]
    var found: [(split: Int, label: String, path: String)] = []
    for (split, part) in parts.enumerated() {
      for name in part.1 {
        let folder = "\(root)/\(name)"
        for entry in (try? FolderEntry.list(folder)) ?? [] where entry.kind == .folder && !entry.isHidden {
          guard let label = entry.name, let scan = try? PictureScan("\(folder)/\(label)", relative: label)
          else {
            continue
          }
          found += scan.pictures.map { (split, label, $0.path) }
          findings += scan.skipped.map { Self.finding($0) }
        }
      }
    }
    labels = Set(found.map { Array($0.label.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(decoding: $0, as: UTF8.self) }
    let used = parts.indices.filter { split in found.contains { $0.split == split } }
    splits = used.map { parts[$0].0 }
    for item in found {
      guard let label = labels.firstIndex(where: { $0.utf8.elementsEqual(item.label.utf8) }),
        let split = used.firstIndex(of: item.split)
      else { continue }
      entries.append(Entry(path: item.path, label: label, split: split))
    }
  }

  /// What training would say before it ends.
  static func finding(_ error: DatasetError) -> Finding {
    Finding(
      .error, .cannotTrain, error: error.code, paths: error.place.map { [$0] } ?? [], error.message,
      remedy: error.remedy ?? "see the message")
  }

  private static func finding(_ file: SkippedFile) -> Finding {
    let isName = file.code == DatasetError.Kind.name.rawValue
    return Finding(
      .error, isName ? .fileName : .undecodable, error: file.code, paths: [file.path], file.message,
      remedy: isName ? "rename it" : "check who may read it")
  }
}
