import VisionSystem
import VisionTensor

/// Finds files of annotations in a folder.
struct AnnotationSearch {
  private struct Candidate {
    let path: String
    /// The path below the root.
    let relative: String
    let format: AnnotationFormat
  }

  /// How deep folders are looked through.
  private static let maximumDepth = 16
  /// The maximum number of files that are looked at.
  private static let maximumFiles = 4_000_000

  private let root: String
  private var candidates: [Candidate] = []
  private var seen: Set<FileIdentity> = []
  private var count = 0

  /// The annotations that a path leads to: a file, or a folder with one kind of them.
  ///
  /// - Parameter format: what to read where a folder has several; nil to find it.
  /// - Returns: the files, and the paths of others of the format that are not read.
  /// - Throws: `DatasetError` if there are none, or several that are not parts of one set.
  static func source(_ path: String, format: AnnotationFormat?) throws(DatasetError) -> (
    source: AnnotationSource, others: [String]
  ) {
    switch FolderEntry.kind(of: path) {
    case nil: throw DatasetError(.missing, "no such file or folder", place: path)
    case .file?: return (try file(path, format), [])
    case .folder?: break
    }
    var search = AnnotationSearch(root: path)
    try search.walk(path, "", depth: 0)
    let found = search.candidates.filter { format == nil || $0.format == format }
    guard let first = found.first else {
      throw DatasetError(
        .annotations,
        format.map { "there are no annotations in the format of \($0.title)" }
          ?? "there are no annotations of a known format", place: path,
        remedy: "give a folder or a file in the format of "
          + AnnotationFormat.allCases.map(\.title).joined(separator: ", "))
    }
    if let other = found.first(where: { $0.format != first.format }) {
      throw DatasetError(
        .ambiguous,
        "there are annotations of several kinds: \(first.format.title) (\(first.relative)) and "
          + "\(other.format.title) (\(other.relative))", place: path,
        remedy: "say which to read: --from \(first.format.rawValue), or give one of the files")
    }
    return try search.select(found)
  }

  private init(root: String) { self.root = root }

  private static func file(_ path: String, _ format: AnnotationFormat?) throws(DatasetError)
    -> AnnotationSource
  {
    guard let found = AnnotationSniffer.format(of: path) ?? (PathName.ending(path) == "txt" ? .yolo : nil)
    else {
      throw DatasetError(.annotations, "the file is in no known format of annotations", place: path)
    }
    if let format, format != found {
      throw DatasetError(
        .annotations, "the file is in the format of \(found.title), not of \(format.title)", place: path)
    }
    var folder = POSIX.directory(of: path)
    let isInside = ["annotations", "labels"].contains(PathName.last(folder).lowercased())
    if isInside, folder != "." { folder = POSIX.directory(of: folder) }
    let part = AnnotationSource.part(of: PathName.last(path))
    return AnnotationSource(format: found, root: folder, files: [.init(path: path, part: part)])
  }

  private mutating func walk(_ folder: String, _ relative: String, depth: Int) throws(DatasetError) {
    guard depth < Self.maximumDepth else { return }
    if let identity = FileIdentity(path: folder), !seen.insert(identity).inserted { return }
    let entries = depth == 0 ? try FolderEntry.list(folder) : (try? FolderEntry.list(folder)) ?? []
    for entry in entries where !entry.isLeftOut {
      guard let name = entry.name, count < Self.maximumFiles else { continue }
      count += 1
      let (path, below) = ("\(folder)/\(name)", relative.isEmpty ? name : "\(relative)/\(name)")
      if entry.kind == .folder {
        try walk(path, below, depth: depth + 1)
      } else if let format = AnnotationSniffer.format(of: path) {
        // A configuration deep inside is that of something else.
        if format == .yolo, depth > 1 { continue }
        candidates.append(Candidate(path: path, relative: below, format: format))
      }
    }
  }

  /// The files to read of those of one format.
  private func select(_ found: [Candidate]) throws(DatasetError) -> (
    source: AnnotationSource, others: [String]
  ) {
    var (kept, others) = (found, [String]())
    let format = found[0].format
    switch format {
    case .yolo:
      let configurations = found.filter { ["yaml", "yml"].contains(PathName.ending($0.path)) }
      if !configurations.isEmpty { kept = configurations }
      guard kept.count == 1 else { throw several(kept) }
    case .coco:
      // COCO itself has captions, key points and segments of the same images beside the instances.
      let instances = found.filter { PathName.last($0.path).hasPrefix("instances") }
      if !instances.isEmpty { kept = instances }
      try checkParts(kept)
    case .cvat, .createml, .csv: try checkParts(kept)
    case .voc, .labelme: break
    }
    let paths = Set(kept.map(\.path))
    others = found.filter { !paths.contains($0.path) }.map(\.relative)
    let files = kept.map {
      AnnotationSource.File(path: $0.path, part: AnnotationSource.part(of: $0.relative))
    }
    return (AnnotationSource(format: format, root: root, files: files), others)
  }

  /// Throws if two files are of the same part and in the same folder: they may say different things of the
  /// same images.
  private func checkParts(_ found: [Candidate]) throws(DatasetError) {
    let groups = Dictionary(grouping: found) {
      "\(AnnotationSource.part(of: $0.relative)?.rawValue ?? "") \(POSIX.directory(of: $0.path))"
    }
    if let group = groups.values.filter({ $0.count > 1 }).min(by: { $0[0].path < $1[0].path }) {
      throw several(group)
    }
  }

  private func several(_ found: [Candidate]) -> DatasetError {
    DatasetError(
      .ambiguous,
      "there are several files of annotations: "
        + found.prefix(4).map(\.relative).joined(separator: ", ") + (found.count > 4 ? ", …" : ""),
      place: root, remedy: "give the file to read instead of the folder")
  }
}
