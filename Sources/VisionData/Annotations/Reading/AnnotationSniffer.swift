import VisionSystem
import VisionTensor

/// Tells the format of a file of annotations by its beginning.
enum AnnotationSniffer {
  /// The number of bytes that are looked at.
  private static let headBytes = 1 << 16

  /// The format of a file; nil if it is none of annotations.
  static func format(of path: String) -> AnnotationFormat? {
    let name = PathName.last(path)
    switch PathName.ending(path) {
    case "yaml", "yml": return hasNames(head(of: path)) ? .yolo : nil
    case "names": return .yolo
    case "txt": return name == "classes.txt" ? .yolo : nil
    case "json": return json(head(of: path))
    case "xml": return xml(head(of: path))
    case "csv", "tsv": return BoxTableColumns.separator(of: head(of: path)) == nil ? nil : .csv
    default: return nil
    }
  }

  /// The beginning of a file as UTF-8; empty if it cannot be read.
  private static func head(of path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: headBytes)
    let count = read(descriptor, &head, head.count)
    let bytes = Array(head[..<max(count, 0)])
    if let text = DecodedText.of(bytes) { return Array(text.utf8) }
    // A character may be cut at the end.
    return Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  /// Whether a line begins with the key `names`.
  private static func hasNames(_ head: [UInt8]) -> Bool {
    head.split { $0 == 0x0a || $0 == 0x0d }.contains {
      $0.starts(with: "names".utf8) && $0.dropFirst(5).first { $0 != 0x20 } == UInt8(ascii: ":")
    }
  }

  private static func xml(_ head: [UInt8]) -> AnnotationFormat? {
    guard var xml = try? XMLReader(head, place: ""), case .start(let name, _)? = try? xml.next() else {
      return nil
    }
    return name == "annotation" ? .voc : name == "annotations" ? .cvat : nil
  }

  private static func json(_ head: [UInt8]) -> AnnotationFormat? {
    var json = JSONReader(head, place: "")
    do {
      if try json.kind() == .array {
        try json.enterArray()
        guard try json.nextElement(), try json.kind() == .object else { return nil }
        try json.enterObject()
        while let key = try json.nextKey() {
          if ["image", "imagefilename"].contains(key) { return .createml }
          try json.skip()
        }
        return nil
      }
      guard try json.kind() == .object else { return nil }
      try json.enterObject()
      while let key = try json.nextKey() {
        switch key {
        case "shapes", "imagePath", "imageData": return .labelme
        case "images", "annotations", "categories":
          if try json.kind() == .array { return .coco }
        default: break
        }
        try json.skip()
      }
      return nil
    } catch {
      return nil
    }
  }
}
