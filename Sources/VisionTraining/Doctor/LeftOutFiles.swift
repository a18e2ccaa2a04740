/// The findings about what lies in a data folder and is left out of training.
struct LeftOutFiles {
  private(set) var findings: [Finding] = []

  private static let splits: Set<String> = ["train", "val", "valid", "validation", "test"]

  /// Walks through `root`; what cannot be listed is told of elsewhere.
  init(_ root: String) {
    guard let entries = try? FolderEntry.list(root) else { return }
    let names = entries.filter { $0.kind == .folder && !$0.isHidden }.compactMap(\.name)
    guard (try? FolderContents.isSplit(root, names)) == true else {
      surveyClasses(root, entries)
      let suspects = names.filter(Self.splits.contains)
      if suspects.contains("train"), suspects.count > 1 {
        add(
          .warning, .splitsAsClasses, suspects.map { "\(root)/\($0)" },
          "taken for classes, since pictures lie in train itself or no folder does",
          "put every picture of train into the folder of its class, or rename the classes")
      }
      return
    }
    surveyFiles(root, entries, isInClass: false)
    for entry in entries where entry.kind == .folder && !entry.isHidden {
      let path = "\(root)/\(entry.printableName)"
      guard let name = entry.name, Self.splits.contains(name) else {
        add(
          .warning, .unknownFolder, [path], "neither train, val nor test: ignored",
          "rename or move the folder")
        continue
      }
      if let inside = try? FolderEntry.list(path) { surveyClasses(path, inside) }
    }
  }

  private mutating func surveyClasses(_ folder: String, _ entries: [FolderEntry]) {
    surveyFiles(folder, entries, isInClass: false)
    for entry in entries where entry.kind == .folder && !entry.isHidden {
      guard let name = entry.name else { continue }
      let path = "\(folder)/\(name)"
      if surveyClass(path, depth: 0) == 0 {
        add(
          .warning, .emptyFolder, [path], "no pictures in it: no class", "add pictures or remove the folder")
      }
    }
  }

  /// How many pictures there are in a class folder and below it.
  private mutating func surveyClass(_ folder: String, depth: Int) -> Int {
    guard let entries = try? FolderEntry.list(folder) else { return 0 }
    var count = surveyFiles(folder, entries, isInClass: true)
    for entry in entries where entry.kind == .folder && !entry.isHidden {
      guard let name = entry.name else { continue }
      guard !entry.isLink, depth < 32 else {
        add(.note, .link, ["\(folder)/\(name)"], "a link to a folder: ignored", "give the folder itself")
        continue
      }
      count += surveyClass("\(folder)/\(name)", depth: depth + 1)
    }
    return count
  }

  /// The files of one folder and its hidden entries; returns the number of pictures.
  @discardableResult
  private mutating func surveyFiles(_ folder: String, _ entries: [FolderEntry], isInClass: Bool) -> Int {
    func paths(_ entries: [FolderEntry]) -> [String] { entries.map { "\(folder)/\($0.printableName)" } }
    add(
      .note, .hidden, paths(entries.filter(\.isHidden)), "hidden: ignored", "rename what is meant to be used")
    let files = entries.filter { $0.kind == .file && !$0.isHidden }
    let pictures = files.filter { $0.isPicture(in: folder) }
    let others = files.filter { !$0.isPicture(in: folder) }
    add(
      .note, .notAPicture, paths(others), "not by name or content a picture: ignored",
      "nothing, or move it away")
    if !isInClass {
      add(
        .warning, .noClass, paths(pictures), "a picture in no class folder: ignored",
        "move it into the folder of its class")
    }
    return pictures.count
  }

  private mutating func add(
    _ severity: Finding.Severity, _ code: Finding.Code, _ paths: [String], _ message: String, _ remedy: String
  ) {
    if !paths.isEmpty { findings.append(Finding(severity, code, paths: paths, message, remedy: remedy)) }
  }
}
