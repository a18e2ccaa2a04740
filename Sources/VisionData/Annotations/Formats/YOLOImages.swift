import VisionImage
import VisionSystem
import VisionTensor

/// The images that the parts of a `data.yaml` name.
struct YOLOImages {
  /// Paths with their parts, each once.
  private(set) var images: [(path: String, part: DataPart?)] = []
  private(set) var skipped: [SkippedFile] = []
  private(set) var notes = AnnotationNotes()
  private var parts: [String: DataPart?] = [:]

  /// The images of the folders and lists in a configuration; all images below its folder if it names none.
  ///
  /// - Parameter elsewhere: the folder of the images, where it is not that of the configuration.
  init(_ configuration: YOLOConfiguration, at file: String, elsewhere: String? = nil) throws(DatasetError) {
    let folder = elsewhere ?? POSIX.directory(of: file)
    var bases = [folder]
    if let path = configuration.path {
      bases.insert(path.utf8.first == UInt8(ascii: "/") ? path : "\(folder)/\(path)", at: 0)
    }
    for part in DataPart.allCases {
      for entry in configuration.parts[part] ?? [] {
        guard let place = Self.place(entry, bases) else {
          skipped.append(
            SkippedFile(path: entry, code: "missing", message: "the part '\(part.rawValue)' is not there"))
          continue
        }
        if FolderEntry.kind(of: place) == .folder {
          try add(folder: place, part)
        } else {
          try add(list: place, part, bases)
        }
      }
    }
    guard configuration.parts.isEmpty else { return }
    let all = "\(folder)/images"
    try add(folder: FolderEntry.kind(of: all) == .folder ? all : folder, nil)
  }

  /// All images below a folder, whose part their folders say.
  init(below folder: String) throws(DatasetError) { try add(folder: folder, nil) }

  /// Where a path leads: below the bases, and without the `../` that some programs write in vain.
  private static func place(_ entry: String, _ bases: [String]) -> String? {
    if entry.utf8.first == UInt8(ascii: "/"), FolderEntry.kind(of: entry) != nil { return entry }
    var entry = entry[...]
    while true {
      for base in bases where FolderEntry.kind(of: "\(base)/\(entry)") != nil { return "\(base)/\(entry)" }
      guard entry.hasPrefix("../") else { return nil }
      entry = entry.dropFirst(3)
    }
  }

  private mutating func add(folder: String, _ part: DataPart?) throws(DatasetError) {
    let scan = try ImageScan(folder, relative: "", above: [])
    skipped += scan.skipped
    let sorted = scan.images.sorted { $0.relativePath.utf8.lexicographicallyPrecedes($1.relativePath.utf8) }
    for image in sorted {
      let folders = PathName.components(image.relativePath).dropLast()
      add(image.path, part ?? folders.lazy.compactMap { DataPart($0) }.first)
    }
  }

  private mutating func add(list: String, _ part: DataPart?, _ bases: [String]) throws(DatasetError) {
    let text = try AnnotationSource.text(of: list, limit: AnnotationSource.maximumBytesPerImage)
    let folder = POSIX.directory(of: list)
    for line in text.split(whereSeparator: \.isNewline) {
      let name = XMLReader.trimmed(String(line))
      guard !name.isEmpty, !name.utf8.contains(0) else { continue }
      add(Self.place(name, [folder] + bases) ?? "\(folder)/\(name)", part)
    }
  }

  private mutating func add(_ path: String, _ part: DataPart?) {
    let path = PathName.normalized(path)
    if let known = parts[path] {
      if known != part { notes.add(.severalParts, at: path) }
      return
    }
    parts[path] = .some(part)
    images.append((path, part))
  }
}
