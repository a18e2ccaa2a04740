import VisionSystem

/// Names for the images of a set that is written: paths without the folders that the format has itself.
struct ExportNames {
  private let hasPartFolders: Bool
  private var taken: Set<String> = []
  /// The number to try next for a name that is taken.
  private var numbers: [String: Int] = [:]
  private static let fillers: Set<String> = ["images", "jpegimages", "img", "imgs", ".", ".."]

  init(hasPartFolders: Bool) { self.hasPartFolders = hasPartFolders }

  /// A name that no image has, and whether it differs from the image's own.
  mutating func name(for image: AnnotatedImage, part: DataPart?) -> (name: String, isNew: Bool) {
    var folders = PathName.components(image.name).flatMap { $0.split(separator: "\\").map(String.init) }
    let last = folders.popLast() ?? "image"
    // An image elsewhere on the disk keeps nothing of its path.
    if image.name.utf8.first == UInt8(ascii: "/") { folders = [] }
    folders.removeAll { Self.fillers.contains($0.lowercased()) || part != nil && DataPart($0) == part }
    let plain = folders + [last]
    let visible = plain.map(Self.visible)
    let name = visible.joined(separator: "/")
    let (stem, ending) = (PathName.stem(name), PathName.ending(name))
    let end = ending.isEmpty ? "" : String(name.dropFirst(stem.count))
    let prefix = hasPartFolders ? "\(part?.rawValue ?? "")/" : ""
    let key = prefix + stem.lowercased()
    if taken.insert(key).inserted { return (name, visible != plain) }
    var number = numbers[key] ?? 2
    while !taken.insert("\(key)-\(number)").inserted { number += 1 }
    numbers[key] = number + 1
    return ("\(stem)-\(number)\(end)", true)
  }

  /// A name that is not hidden, is not left out as litter, and has no control characters.
  private static func visible(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      result.unicodeScalars.append(scalar.properties.generalCategory == .control ? "_" : scalar)
    }
    let isLeftOut =
      result.hasPrefix(".") || LitterName.isFolder(result.utf8) || LitterName.isFile(result.utf8)
    return isLeftOut ? "_" + result : result
  }
}
