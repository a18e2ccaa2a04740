import VisionGraph
import VisionSystem
import VisionTensor

/// What other programs state about a network in the metadata of its file.
///
/// The known keys are those that Ultralytics' exporter and YOLOv5 write into ONNX files: `names`, `imgsz`,
/// `stride` and `task`, each a Python literal (`ultralytics/engine/exporter.py`: `meta.value = str(value)`).
/// Unreadable values are nil, because a file is not rejected for metadata that its network does not need.
package struct ForeignMetadata: Sendable, Hashable {
  /// The names of the classes in order; nil if there are none.
  package var names: [String]?
  /// The height and width for which the network was exported.
  package var imageHeight: Int?
  package var imageWidth: Int?
  /// The number of which the sides of other image sizes must be multiples.
  package var stride: Int?
  /// The purpose of the network, such as `classify` or `detect`.
  package var task: String?
  /// The class of the network's head, such as `Detect` or `RTDETRDecoder`.
  package var head: String?
  /// The lines under `character`, where PaddlePaddle's exports in RapidAI's programs name classes, or the characters
  /// that a network reads.
  package var lines: [String] = []

  static let namesKey = "names"

  package init(_ metadata: [(key: String, value: String)]) {
    func value(_ key: String) -> String? { metadata.first { $0.key == key }?.value }
    names = value(Self.namesKey).flatMap { Self.names($0) }
    let sides = value("imgsz").flatMap { Self.sides($0) }
    (imageHeight, imageWidth) = (sides?.height, sides?.width)
    stride = value("stride").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    head = value("head").flatMap { $0.isEmpty ? nil : $0 }
    lines = value("character")?.split(separator: "\n").map(String.init) ?? []
    task = value("task").flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The names from a list, or from a map of numbers to names.
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
  /// What another program's metadata states about the network.
  package var foreign: ForeignMetadata { ForeignMetadata(metadata) }

  /// Takes labels from another program's metadata if the file has no VisionNet labels and their number equals
  /// that of the logits.
  mutating func adoptForeignLabels() {
    guard labels.isEmpty, let names = foreign.names else { return }
    if let logits = graph.output(of: .logits),
      graph.fact(logits.value).shape.last != names.count
    {
      return
    }
    labels = names
  }

  /// Other programs' metadata for writing, without names that differ from the model's labels, because other
  /// programs would show them.
  var writtenMetadata: [(key: String, value: String)] {
    guard !labels.isEmpty, let names = foreign.names, names != labels else { return metadata }
    return metadata.filter { $0.key != ForeignMetadata.namesKey }
  }
}
