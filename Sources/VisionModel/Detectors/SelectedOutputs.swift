import VisionSystem
import VisionTensor

/// The outputs of a detector that selects by itself, as torchvision exports whole ones: n boxes, their scores and their
/// classes, where n follows from the image.
package struct SelectedOutputs: Sendable {
  /// The name of the input, the image C×H×W or 1×C×H×W with RGB in 0...1 at its own size.
  package let image: String
  /// Whether the input has an axis for images.
  package let hasBatch: Bool
  /// n×4: left, top, right and bottom in pixels of the image.
  package let boxes: String
  /// n, 0...1.
  package let scores: String
  /// n integers.
  package let classes: String

  /// What the head is called and was recognized by, for people.
  package var note: String {
    "head \(DetectorKind.torchvision.rawValue), recognized by outputs n×4, n and n whole numbers"
  }

  /// - Parameter kind: the kind that the user names; nil to find it out.
  /// - Throws: `RoleError`, `head`, where the network has other inputs or outputs.
  package init(_ program: Program, head kind: DetectorKind? = nil) throws(RoleError) {
    func ports(_ rank: Int, _ type: ElementType) -> [ProgramPort] {
      program.outputs.filter { $0.otherKind == nil && $0.type == type && $0.extents?.count == rank }
    }
    let boxes = ports(2, .float32).filter { $0.extents?[1] == 4 }
    let (scores, classes) = (ports(1, .float32), ports(1, .int64))
    let images = program.inputs.filter { $0.otherKind == nil && $0.type == .float32 }
    let rank = images.first?.extents?.count ?? 0
    guard kind == nil || kind == .torchvision, program.inputs.count == 1, images.count == 1,
      [3, 4].contains(rank),
      [nil, 3].contains(images[0].extents?[rank - 3]), boxes.count == 1, scores.count == 1, classes.count == 1
    else {
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
    (image, hasBatch) = (images[0].name, rank == 4)
    (self.boxes, self.scores, self.classes) = (boxes[0].name, scores[0].name, classes[0].name)
  }
}
