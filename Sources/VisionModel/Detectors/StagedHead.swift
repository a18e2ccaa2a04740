package import VisionGraph
package import VisionImage
import VisionSystem
import VisionTensor

/// The head of a detector that runs in stages though the shapes of its outputs are known, as one does that selects boxes by
/// itself and pads them to a number.
package struct StagedHead: Sendable {
  /// The name of the network's input, N×3×H×W in float32.
  package let image: String
  /// Takes the network's outputs by their names and gives `boxes` 1×A×4 and `scores` 1×A×K.
  package let graph: Graph
  package let preprocessing: Preprocessing
  /// The names of the classes.
  package let labels: [String]
  /// The lowest score that counts, and the overlap above which boxes are dropped; nil for those of the task.
  package let confidence: Double?
  package let overlap: Double?
  /// What the head is called and was recognized by, for people.
  package let note: String

  /// Nil where shapes are not known before a run.
  ///
  /// - Parameters:
  ///   - labels: the names of the classes; nil for those of the file.
  ///   - kind: the kind of head; nil to find it out.
  /// - Throws: `RoleError` where the outputs fit no head, several, or not the given one.
  package init?(_ program: Program, labels: [String]?, head kind: DetectorKind?) throws {
    guard program.inputs.count == 1, let port = program.inputs.first, port.type == .float32,
      let sides = port.extents, sides.count == 4, sides[1] == 3, let height = sides[2], let width = sides[3],
      let builder = try Self.outputs(program)
    else { return nil }
    let metadata = ForeignMetadata(program.metadata)
    let given = labels ?? metadata.names ?? []
    let view = DetectorView(builder.graph, height: height, width: width, labels: given, metadata)
    let head = try DetectorFinder.head(view, kind)
    let decoded = try head.decode(view, HeadBuilder(builder: builder))
    try builder.output("boxes", decoded.boxes)
    try builder.output("scores", decoded.scores)
    let classes = decoded.scores.shape[2]
    let names = try DetectorFinder.labels(given, head, metadata, classes: classes)
    (image, graph) = (port.name, builder.graph)
    self.labels = names.isEmpty ? (0..<classes).map { "class \($0)" } : names
    preprocessing = try head.convention.preprocessing(width: width, height: height)
    (confidence, overlap) = (head.convention.confidence, head.convention.overlap)
    note = "head \(type(of: head).kind.rawValue), recognized by \(head.evidence)"
  }

  /// A graph whose inputs are the network's outputs for one image; nil where their shapes are not known.
  private static func outputs(_ program: Program) throws(GraphError) -> GraphBuilder? {
    let builder = GraphBuilder()
    for port in program.outputs {
      guard let type = port.type, port.otherKind == nil, let extents = port.extents, let first = extents.first
      else {
        return nil
      }
      // An open first axis is that of images only where places and their numbers follow.
      let known =
        (extents.count > 2 ? [first ?? 1] : [first].compactMap { $0 }) + extents.dropFirst().compactMap { $0 }
      guard known.count == extents.count, extents.count < 3 || known[0] == 1 else { return nil }
      _ = try builder.input(port.name, type: type, dimensions: known.map { .fixed($0) })
    }
    return builder
  }
}
