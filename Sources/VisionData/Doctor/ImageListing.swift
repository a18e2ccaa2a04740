import VisionImage
import VisionSystem

/// The files of a dataset as training would list them, with the findings about the list.
struct ImageListing {
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
  /// Nil if the list itself is invalid.
  private(set) var folder: ImageFolder?

  /// Whether training itself will hold back some of the images.
  var isSplitLater: Bool { folder?.split == .automatic }

  /// - Parameter labelColumn: the label column of a table; nil to determine it from the table.
  init(_ root: String, labelColumn: String? = nil) throws(DatasetError) {
    var path = root
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.root = path
    let kind = FolderEntry.kind(of: path)
    do {
      let folder = try ImageFolder(path, labelColumn: labelColumn)
      self.folder = folder
      list(folder)
      for file in folder.skipped { findings.append(Self.finding(file)) }
      add(SimilarLabels.warnings(folder.labels), .warning)
      addRepeated(folder.repeated)
    } catch {
      if kind == nil || error.kind == .invalidArgument || error.kind == .unreadable && error.place == path {
        throw error
      }
      findings.append(Self.finding(error))
      if error.kind == .classes { listUnmatched() }
    }
    guard kind == .folder else {
      add(folder?.readingNotes ?? [], .note)
      add(folder?.readingWarnings ?? [], .warning)
      return
    }
    // For a folder, `LeftOutFiles` reports what is ignored, with paths.
    let survey = LeftOutFiles(path)
    findings += survey.findings
    add((folder?.readingWarnings ?? []).filter { !survey.warnings.contains($0) }, .warning)
  }

  private mutating func add(_ texts: [String], _ severity: Finding.Severity) {
    for text in texts {
      findings.append(Finding(severity, .ignored, paths: [root], text, remedy: "check that this is meant"))
    }
  }

  private mutating func addRepeated(_ repeated: [RepeatedImage]) {
    for image in repeated {
      let isError = image.isContradictory
      findings.append(
        Finding(
          isError ? .error : .warning, .listedTwice, paths: [image.path], labels: image.labels,
          "the table names the file \(image.mentions.count) times"
            + (isError ? ": \(image.description)" : ", in lines \(image.lines)"),
          remedy: "leave one line for it"))
    }
  }

  private mutating func list(_ folder: ImageFolder) {
    labels = folder.labels
    let isAutomatic = folder.split == .automatic
    var parts: [(name: String, images: [LabeledImage])] = [
      (isAutomatic && folder.test.isEmpty ? "all" : "train", folder.training)
    ]
    if isAutomatic {
      // The split of a future run is not a split of the data.
      parts[0].images = (folder.training + folder.validation).sorted {
        $0.relativePath.utf8.lexicographicallyPrecedes($1.relativePath.utf8)
      }
    } else {
      parts.append(("val", folder.validation))
    }
    if !folder.test.isEmpty { parts.append(("test", folder.test)) }
    splits = parts.map(\.name)
    for (split, part) in parts.enumerated() {
      entries += part.images.map { Entry(path: $0.path, label: $0.label, split: split) }
    }
  }

  /// Lists the images of split folders whose classes differ, so that they are examined nevertheless.
  private mutating func listUnmatched() {
    let parts = (try? FolderLayout(root))?.parts ?? []
    var found: [(part: DataPart, label: String, path: String)] = []
    for part in parts {
      for entry in (try? FolderEntry.list(part.path)) ?? [] where entry.kind == .folder && !entry.isLeftOut {
        guard let label = entry.name, let scan = try? ImageScan("\(part.path)/\(label)", relative: label)
        else {
          continue
        }
        found += scan.images.map { (part.part, label, $0.path) }
        findings += scan.skipped.map { Self.finding($0) }
      }
    }
    labels = Set(found.map { Array($0.label.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(decoding: $0, as: UTF8.self) }
    let used = DataPart.allCases.filter { part in found.contains { $0.part == part } }
    splits = used.map(\.rawValue)
    for item in found {
      guard let label = labels.firstIndex(where: { $0.utf8.elementsEqual(item.label.utf8) }),
        let split = used.firstIndex(of: item.part)
      else { continue }
      entries.append(Entry(path: item.path, label: label, split: split))
    }
  }

  /// The error with which training would end.
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
