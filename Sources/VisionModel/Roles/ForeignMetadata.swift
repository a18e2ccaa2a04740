import VisionGraph
import VisionSystem
import VisionTensor

/// What the metadata of files of others say of their networks.
///
/// Known are the keys that Ultralytics' exporter and YOLOv5 write into ONNX files: `names`, `imgsz`, `stride` and `task`,
/// each a literal of Python (`ultralytics/engine/exporter.py`: `meta.value = str(value)`). What cannot be read is nil: a
/// file is not refused for metadata that its network does without.
package struct ForeignMetadata: Sendable, Hashable {
  /// The names of the classes in order; nil when there are none.
  package var names: [String]?
  /// H and W that the network was exported for.
  package var imageHeight: Int?
  package var imageWidth: Int?
  /// What the sides of images of other sizes must be multiples of.
  package var stride: Int?
  /// What the network is for, such as `classify` or `detect`.
  package var task: String?

  static let namesKey = "names"

  package init(_ metadata: [(key: String, value: String)]) {
    func value(_ key: String) -> String? { metadata.first { $0.key == key }?.value }
    names = value(Self.namesKey).flatMap { Self.names($0) }
    let sides = value("imgsz").flatMap { Self.sides($0) }
    (imageHeight, imageWidth) = (sides?.height, sides?.width)
    stride = value("stride").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    task = value("task").flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Names as a list or a map of numbers to names.
  private static func names(_ text: String) -> [String]? {
    guard text.utf8.count <= Labels.limit, let first = text.first(where: { !$0.isWhitespace }),
      first == "{" || first == "["
    else { return nil }
    return try? LabelLiteral.names(in: text)
  }

  /// `[height, width]`, or one number for both.
  private static func sides(_ text: String) -> (height: Int, width: Int)? {
    guard let json = try? PythonLiteral(text).json() else { return nil }
    let numbers = (json.array ?? [json]).compactMap(\.integer)
    guard let height = numbers.first, let width = numbers.last, numbers.count <= 2,
      numbers.count == json.array?.count ?? 1, height > 0, width > 0
    else { return nil }
    return (height, width)
  }
}

extension Model {
  /// What the metadata of another program say of the network.
  package var foreign: ForeignMetadata { ForeignMetadata(metadata) }

  /// Takes labels from the metadata of another program, where the file has none of VisionNet's and they are as many as
  /// there are logits.
  mutating func adoptForeignLabels() {
    guard labels.isEmpty, let names = foreign.names else { return }
    if let logits = graph.output(of: .logits),
      graph.fact(logits.value).shape.last != names.count
    {
      return
    }
    labels = names
  }

  /// The metadata of others as they are written: names that are not the model's labels are left out, since other programs
  /// would show them.
  var writtenMetadata: [(key: String, value: String)] {
    guard !labels.isEmpty, let names = foreign.names, names != labels else { return metadata }
    return metadata.filter { $0.key != ForeignMetadata.namesKey }
  }
}
