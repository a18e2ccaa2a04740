import VisionSystem
import VisionTensor

/// The lists of images in `ImageSets/Main`: `train.txt`, `val.txt`, `test.txt` and `trainval.txt`.
struct VOCImageSets {
  private var parts: [String: DataPart] = [:]
  /// Images that several lists name.
  private(set) var repeated: [String] = []

  var isEmpty: Bool { parts.isEmpty }

  /// - Parameter known: the ids of the files of annotations, which may hold spaces.
  init(below root: String, known: Set<String>) throws(DatasetError) {
    let folder = "\(root)/ImageSets/Main"
    var isSplit = false
    for name in ["train", "val", "test", "trainval"] {
      let path = "\(folder)/\(name).txt"
      guard FolderEntry.kind(of: path) == .file else { continue }
      // What is in both train and val is not split any further.
      if name == "trainval", isSplit { continue }
      if name != "test" { isSplit = true }
      let text = try AnnotationSource.text(of: path, limit: AnnotationSource.maximumBytesPerImage)
      for line in text.split(whereSeparator: \.isNewline) {
        var id = XMLReader.trimmed(String(line))
        // A list of one class says in a second field whether it is there.
        if !known.contains(id), let end = id.lastIndex(of: " "),
          ["1", "-1", "0"].contains(id[end...].dropFirst())
        {
          id = XMLReader.trimmed(String(id[..<end]))
        }
        guard !id.isEmpty else { continue }
        let part: DataPart = name == "val" ? .val : name == "test" ? .test : .train
        if let known = parts[id] {
          if known != part { repeated.append(id) }
        } else {
          parts[id] = part
        }
      }
    }
  }

  func part(of id: String) -> DataPart? { parts[id] ?? parts[PathName.last(id)] }

  /// What lists call the image of an XML file: its path below `Annotations`, without extension.
  static func id(of path: String, below root: String) -> String {
    let parts = PathName.components(PathName.stem(PathName.relative(path, to: root)))
    let first = parts.dropLast().lastIndex(of: "Annotations").map { $0 + 1 } ?? 0
    return parts[first...].joined(separator: "/")
  }
}
