package import VisionImage
import VisionSystem
package import VisionTensor

/// The outputs of a detector that selects by itself: n boxes, their scores and their classes, where n follows from the
/// image.
///
/// Whole detectors of torchvision give n×4, n and n for an image C×H×W or 1×C×H×W with RGB in 0...1. Those of TensorFlow's
/// Object Detection API, as tf2onnx writes them, are known by the names of their outputs, `detection_boxes` 1×n×4 (top,
/// left, bottom and right in parts of the image), `detection_scores` 1×n and `detection_classes` 1×n (counted from 1), for
/// an image 1×H×W×3 with RGB in 0...255.
package struct SelectedOutputs: Sendable {
  /// The name of the input.
  package let image: String
  /// float32 or uint8.
  package let type: ElementType
  package let layout: Preprocessing.Layout
  /// Whether the input has an axis for images.
  package let hasBatch: Bool
  /// The sides that the file gives; nil for those of each image.
  package let sides: (width: Int, height: Int)?
  package let kind: DetectorKind
  package let boxes: String
  package let scores: String
  package let classes: String

  /// What the head is called and was recognized by, for people.
  package var note: String {
    let evidence =
      kind == .tensorflow ? "the names of outputs such as \(boxes)" : "outputs n×4, n and n whole numbers"
    return "head \(kind.rawValue), recognized by \(evidence)"
  }

  /// The factor of pixels in 0...255.
  package var scale: Double { kind == .tensorflow ? 1 : 1.0 / 255 }
  /// The number of the first class.
  package var firstClass: Int { kind == .tensorflow ? 1 : 0 }

  /// - Parameter kind: the kind that the user names; nil to find it out.
  /// - Throws: `RoleError`, `head`, where the network has other inputs or outputs.
  package init(_ program: Program, head kind: DetectorKind? = nil) throws(RoleError) {
    let found = Self.tensorflow(program) ?? Self.torchvision(program)
    guard let found, kind == nil || kind == found.kind else {
      let outputs = program.outputs.map { port in
        let extents = port.extents.map { $0.map { $0.map(String.init) ?? "?" }.joined(separator: "×") } ?? "?"
        return "'\(port.name)' \(port.otherKind ?? port.type?.rawValue ?? "?") \(extents)"
      }
      throw RoleError(
        .head,
        "the shapes of this network follow from data, and its outputs are not those of a detector that is known: "
          + outputs.joined(separator: ", "),
        remedy: "export it without its selection of boxes, so that it is one of these: "
          + DetectorKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self = found
  }

  private init?(
    _ program: Program, _ kind: DetectorKind, types: Set<ElementType>, ranks: Set<Int>,
    _ layout: Preprocessing.Layout, _ boxes: ProgramPort, _ scores: ProgramPort, _ classes: ProgramPort
  ) {
    guard program.inputs.count == 1, let port = program.inputs.first, port.otherKind == nil,
      let type = port.type,
      types.contains(type), let extents = port.extents, ranks.contains(extents.count),
      extents.count == 3 || [nil, 1].contains(extents[0])
    else { return nil }
    let axes = Array(extents.suffix(3))
    let (channels, height, width) =
      layout == .nchw ? (axes[0], axes[1], axes[2]) : (axes[2], axes[0], axes[1])
    guard [nil, 3].contains(channels) else { return nil }
    if let height, let width {
      guard Preprocessing.sides.contains(width), Preprocessing.sides.contains(height) else { return nil }
      sides = (width, height)
    } else {
      sides = nil
    }
    (image, self.type, self.layout, hasBatch, self.kind) = (port.name, type, layout, extents.count == 4, kind)
    (self.boxes, self.scores, self.classes) = (boxes.name, scores.name, classes.name)
  }

  private static func torchvision(_ program: Program) -> SelectedOutputs? {
    func ports(_ rank: Int, _ type: ElementType) -> [ProgramPort] {
      program.outputs.filter { $0.otherKind == nil && $0.type == type && $0.extents?.count == rank }
    }
    let boxes = ports(2, .float32).filter { $0.extents?[1] == 4 }
    let (scores, classes) = (ports(1, .float32), ports(1, .int64))
    guard boxes.count == 1, scores.count == 1, classes.count == 1 else { return nil }
    return SelectedOutputs(
      program, .torchvision, types: [.float32], ranks: [3, 4], .nchw, boxes[0], scores[0], classes[0])
  }

  private static func tensorflow(_ program: Program) -> SelectedOutputs? {
    func port(_ name: String) -> ProgramPort? {
      // Names of tensors may end with the number of the output.
      let ports = program.outputs.filter {
        ($0.name == name || $0.name == "\(name):0") && $0.otherKind == nil
      }
      return ports.count == 1 ? ports[0] : nil
    }
    guard let boxes = port("detection_boxes"), let scores = port("detection_scores"),
      let classes = port("detection_classes"), boxes.extents?.last.map({ [nil, 4].contains($0) }) ?? true
    else { return nil }
    return SelectedOutputs(
      program, .tensorflow, types: [.uint8, .float32], ranks: [4], .nhwc, boxes, scores, classes)
  }
}
