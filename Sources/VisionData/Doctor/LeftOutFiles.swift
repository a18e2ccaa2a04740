/// The findings about entries of a data folder that training ignores or treats as something else.
struct LeftOutFiles {
  private(set) var findings: [Finding] = []
  /// The warnings that are reported as findings.
  private(set) var warnings: [String] = []

  private var seen: Set<FileIdentity> = []

  /// Walks through `root`; folders that cannot be listed are reported elsewhere.
  init(_ root: String) {
    guard let entries = try? FolderEntry.list(root) else { return }
    guard let layout = try? FolderLayout(root) else {
      surveyClasses(root, entries)
      return
    }
    surveyLayout(root, layout)
    guard let inBase = try? FolderEntry.list(layout.base) else { return }
    guard let parts = layout.parts else {
      surveyClasses(layout.base, inBase)
      return
    }
    surveyFiles(layout.base, inBase, isInClass: false)
    for entry in inBase where entry.kind == .folder && !entry.isLeftOut {
      let path = "\(layout.base)/\(entry.printableName)"
      guard let part = parts.first(where: { $0.path == path || $0.path.hasPrefix(path + "/") }) else {
        let isPart = entry.name.flatMap { DataPart($0) } != nil
        add(
          .warning, isPart ? .emptyFolder : .unknownFolder, [path],
          isPart ? "no images in it: ignored" : "neither train, val nor test: ignored",
          "rename, move or remove the folder")
        continue
      }
      surveyBetween(path, part.path)
      if let inside = try? FolderEntry.list(part.path) { surveyClasses(part.path, inside) }
    }
  }

  /// The interpretation of the folders, and the folders above those of the classes.
  private mutating func surveyLayout(_ root: String, _ layout: FolderLayout) {
    for note in layout.notes { add(.note, .ignored, [layout.base], note, "check that this is meant") }
    warnings = Array(layout.warnings.prefix(layout.suspects.count))
    for (name, warning) in zip(layout.suspects, layout.warnings) {
      add(
        .warning, .splitsAsClasses, ["\(layout.base)/\(name)"], warning,
        "move the folder, or rename the class")
    }
    surveyBetween(root, layout.base)
  }

  /// The folders from `first` down to the parent of `last`; everything next to this path is ignored.
  private mutating func surveyBetween(_ first: String, _ last: String) {
    var path = first
    for name in last.dropFirst(first.count).split(separator: "/") {
      let entries = (try? FolderEntry.list(path)) ?? []
      surveyFiles(path, entries, isInClass: false)
      for entry in entries where entry.kind == .folder && !entry.isLeftOut && entry.name != String(name) {
        add(
          .warning, .emptyFolder, ["\(path)/\(entry.printableName)"], "no images in it: no class",
          "add images or remove the folder")
      }
      path += "/\(name)"
    }
  }

  private mutating func surveyClasses(_ folder: String, _ entries: [FolderEntry]) {
    surveyFiles(folder, entries, isInClass: false)
    for entry in entries where entry.kind == .folder && !entry.isLeftOut {
      guard let name = entry.name else { continue }
      let path = "\(folder)/\(name)"
      // Each class is read separately.
      seen = FileIdentity.line(to: folder)
      guard entry.identity.map({ seen.insert($0).inserted }) ?? false else {
        add(
          .note, .link, [path], "a link to a folder that it lies in: not followed",
          "nothing, or remove the link")
        continue
      }
      if surveyClass(path, depth: 0) == 0 {
        add(
          .warning, .emptyFolder, [path], "no images in it: no class", "add images or remove the folder")
      }
    }
  }

  /// The number of images in a class folder and below it.
  private mutating func surveyClass(_ folder: String, depth: Int) -> Int {
    guard let entries = try? FolderEntry.list(folder) else { return 0 }
    var count = surveyFiles(folder, entries, isInClass: true)
    let folders = entries.filter { $0.kind == .folder && !$0.isLeftOut }
    // Links come after real folders, as in reading.
    for entry in folders.filter({ !$0.isLink }) + folders.filter(\.isLink) {
      guard let name = entry.name else { continue }
      let isCircle = entry.isLink && FileIdentity.isCircle("\(folder)/\(name)", entry.identity)
      guard depth < 32, !isCircle, entry.identity.map({ seen.insert($0).inserted }) ?? false else {
        add(
          .note, .link, ["\(folder)/\(name)"], "a link to a folder that is read already: not followed",
          "nothing, or remove the link")
        continue
      }
      count += surveyClass("\(folder)/\(name)", depth: depth + 1)
    }
    return count
  }

  /// Reports the files and hidden entries of one folder; returns the number of images.
  @discardableResult
  private mutating func surveyFiles(_ folder: String, _ entries: [FolderEntry], isInClass: Bool) -> Int {
    func paths(_ entries: [FolderEntry]) -> [String] { entries.map { "\(folder)/\($0.printableName)" } }
    add(
      .note, .hidden, paths(entries.filter(\.isHidden)), "hidden: ignored", "rename what is meant to be used")
    add(
      .note, .litter, paths(entries.filter { $0.isLitter && !$0.isHidden }),
      "left there by a system or a storage box: ignored", "nothing, or remove it")
    let files = entries.filter { $0.kind == .file && !$0.isLeftOut }
    let images = files.filter { $0.isImage(in: folder) }
    let others = files.filter { !$0.isImage(in: folder) }
    add(
      .note, .notAnImage, paths(others), "not by name or content an image: ignored",
      "nothing, or move it away")
    if !isInClass {
      add(
        .warning, .noClass, paths(images), "an image in no class folder: ignored",
        "move it into the folder of its class")
    }
    return images.count
  }

  private mutating func add(
    _ severity: Finding.Severity, _ code: Finding.Code, _ paths: [String], _ message: String, _ remedy: String
  ) {
    if !paths.isEmpty { findings.append(Finding(severity, code, paths: paths, message, remedy: remedy)) }
  }
}
