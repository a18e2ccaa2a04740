/// What a folder or a table of pictures holds, before anything is split.
struct FolderContents {
  var labels: [String] = []
  var training: [LabelledPicture] = []
  /// Nil when the user gives none.
  var validation: [LabelledPicture]?
  var test: [LabelledPicture] = []
  var skipped: [SkippedFile] = []
  var notes: [String] = []

  init() {}

  private static let validationNames = ["val", "valid", "validation"]

  init(_ root: String) throws(DatasetError) {
    let entries = try FolderEntry.list(root)
    let folders = entries.filter { $0.kind == .folder && !$0.isHidden }
    let names = folders.compactMap(\.name)
    if try Self.isSplit(root, names) {
      try readSplits(root, folders)
    } else {
      let classes = try classes(in: root, relative: "")
      labels = classes.map(\.label)
      for (index, item) in classes.enumerated() { training += Self.labelled(item.pictures, index) }
    }
    for entry in entries where entry.isHidden && entry.kind == .folder {
      notes.append("\(entry.printableName): hidden, ignored")
    }
  }

  /// Whether the folders are `train` and its like, and not classes: `train` holds folders and no pictures, and has
  /// `val` or `test` beside it or nothing at all.
  static func isSplit(_ root: String, _ names: [String]) throws(DatasetError) -> Bool {
    guard names.contains("train") else { return false }
    let isAccompanied = names.contains { validationNames.contains($0) || $0 == "test" }
    guard isAccompanied || names.count == 1 else { return false }
    let inside = try FolderEntry.list("\(root)/train").filter { !$0.isHidden }
    return inside.contains { $0.kind == .folder }
      && !inside.contains { $0.kind == .file && $0.isPicture(in: "\(root)/train") }
  }

  private mutating func readSplits(_ root: String, _ folders: [FolderEntry]) throws(DatasetError) {
    let train = try classes(in: "\(root)/train", relative: "train")
    labels = train.map(\.label)
    for (index, item) in train.enumerated() { training += Self.labelled(item.pictures, index) }
    for folder in folders {
      guard let name = folder.name, name != "train" else { continue }
      let isValidation = Self.validationNames.contains(name)
      guard isValidation || name == "test" else {
        notes.append("\(folder.printableName): neither train, val nor test, ignored")
        continue
      }
      let pictures = try matched(classes(in: "\(root)/\(name)", relative: name), "\(root)/\(name)")
      if pictures.isEmpty {
        notes.append("\(name): no pictures in it, ignored")
      } else if isValidation {
        validation = (validation ?? []) + pictures
      } else {
        test = pictures
      }
    }
  }

  /// The pictures with the classes of `train`; a class that is new is an error.
  private func matched(_ classes: [(label: String, pictures: [PictureScan.Found])], _ place: String)
    throws(DatasetError) -> [LabelledPicture]
  {
    var result: [LabelledPicture] = []
    for item in classes {
      guard let index = labels.firstIndex(where: { $0.utf8.elementsEqual(item.label.utf8) }) else {
        throw DatasetError(
          .classes, "the class '\(item.label)' is not in train", place: place,
          remedy: "use the same class folders everywhere")
      }
      result += Self.labelled(item.pictures, index)
    }
    return result
  }

  private static func labelled(_ pictures: [PictureScan.Found], _ label: Int) -> [LabelledPicture] {
    pictures.map { LabelledPicture(path: $0.path, relativePath: $0.relativePath, label: label) }
  }

  /// The class folders that hold pictures, in order; notes tell of everything else.
  private mutating func classes(in folder: String, relative: String) throws(DatasetError)
    -> [(label: String, pictures: [PictureScan.Found])]
  {
    var result: [(label: String, pictures: [PictureScan.Found])] = []
    var loose = 0
    for entry in try FolderEntry.list(folder) where !entry.isHidden {
      if entry.kind == .file {
        if entry.isPicture(in: folder) { loose += 1 }
        continue
      }
      let path = relative.isEmpty ? entry.printableName : "\(relative)/\(entry.printableName)"
      guard let name = entry.name else {
        throw DatasetError(
          .name, "the name of a class folder is not UTF-8 text", place: "\(folder)/\(entry.printableName)",
          remedy: "rename the folder: its name becomes the label")
      }
      let scan = try PictureScan("\(folder)/\(name)", relative: path)
      skipped += scan.skipped
      if scan.pictures.isEmpty {
        notes.append("\(path): no pictures in it, ignored")
        continue
      }
      notes += scan.notes
      result.append((name, scan.pictures))
    }
    if loose > 0 {
      let place = relative.isEmpty ? folder : relative
      notes.append(
        "\(loose) \(loose == 1 ? "picture" : "pictures") directly in \(place), in no class: ignored")
    }
    return result
  }
}
