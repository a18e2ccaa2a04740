import VisionSystem
import VisionTensor

/// Finds the files of images that annotations name.
final class ImageLocator {
  enum Found {
    case file(String)
    case several([String])
    case missing
  }

  private let root: String
  /// Whether folders of annotations are not looked into.
  private let isRootAlone: Bool
  private let files: TableFiles
  /// Those below the folders of files of annotations.
  private var beside: [String: TableFiles] = [:]

  init(root: String, names: some Sequence<String>, isRootAlone: Bool = false) {
    (self.root, self.isRootAlone) = (root, isRootAlone)
    files = TableFiles(table: "\(root)/annotations")
    files.learn(names)
  }

  /// The usual folders for images, seen from a folder with annotations or from the root.
  private static let folders = [
    "", "images", "JPEGImages", "img", "data", "../images", "../JPEGImages", "../img",
  ]

  /// The file of an image: at the usual places, and else anywhere below the root.
  func find(_ image: DraftImage) -> Found {
    if let path = image.path { return .file(path) }
    let folder = isRootAlone ? root : POSIX.directory(of: image.source)
    if let stem = image.stem {
      let found = lookUp(stem, image.part)
      if case .file = found { return found }
    }
    let near = beside[folder] ?? TableFiles(table: "\(folder)/annotations")
    beside[folder] = near
    let parts = image.part.map { [$0.rawValue] } ?? []
    for place in Self.folders {
      for part in parts + [""] {
        let tail = (place.isEmpty ? "" : "\(place)/") + (part.isEmpty ? "" : "\(part)/") + image.name
        if let path = near.direct(tail) ?? files.direct(tail) {
          return .file(path)
        }
      }
    }
    return lookUp(image.name, image.part)
  }

  private func lookUp(_ name: String, _ part: DataPart?) -> Found {
    switch files.find(name, part: part, labels: []) {
    case .direct(let path): .file(path)
    case .below(let path): .file("\(files.folder)/\(path)")
    case .several(let paths): .several(paths)
    case .missing: .missing
    }
  }
}
