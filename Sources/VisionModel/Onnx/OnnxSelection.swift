import VisionGraph
import VisionSystem
import VisionTensor

/// The selection of boxes that an ONNX file of a detector does itself, behind its outputs `boxes` and `scores`.
///
/// The file is for one image at a time. Besides those of the network it has the outputs `selected_boxes` n×4 (left, top,
/// right and bottom in pixels of the input), `selected_scores` n, from the highest on, and `selected_classes` n (int64,
/// counted from 0), where n follows from the image. The nodes have names of their own, by which `Model` leaves them out when
/// it reads the file, since shapes that follow from data are no part of a graph.
package struct OnnxSelection: Sendable {
  /// The lowest score that counts, 0...1.
  let confidence: Float
  /// The overlap (intersection over union) above which the box with the lower score is dropped, 0...1.
  let overlap: Float
  /// The most boxes.
  let maximum: Int
  /// What the network calls the number of images, if it is open there.
  var batch: String?

  package init(confidence: Float, overlap: Double, maximum: Int) {
    (self.confidence, self.overlap, self.maximum) = (confidence, Float(overlap), maximum)
  }

  /// The key of the file's metadata.
  static let key = "visionnet.selection"
  /// What the names of all nodes and of the values between them begin with.
  private static let prefix = "visionnet.selection/"
  private static let outputs = ["selected_boxes", "selected_scores", "selected_classes"]

  /// The members of the metadata.
  var members: [(String, String?)] {
    [
      ("confidence", "\(confidence)"), ("overlap", "\(overlap)"), ("maximum", "\(maximum)"),
      ("batch", batch.map(JSONText.quoted)),
    ]
  }

  /// Adds the nodes to a file.
  ///
  /// - Parameters:
  ///   - boxes: the name of the output 1×A×4.
  ///   - scores: the name of the output 1×A×K.
  /// - Throws: `FormatError` where the file has values of the names that are needed.
  func append(to content: inout OnnxContent, boxes: String, scores: String) throws(FormatError) {
    let taken = content.nodes.flatMap(\.outputs) + content.initializers.map(\.name)
    guard !taken.contains(where: { $0.hasPrefix(Self.prefix) || Self.outputs.contains($0) }) else {
      throw FormatError(.network, "the network has values of the names that its selection needs")
    }
    let p = Self.prefix
    let constants: [(name: String, tensor: Tensor)] = [
      (p + "most", Tensor([Int64(maximum)])), (p + "overlap", Tensor([overlap])),
      // Scores must be above the number that the operator gets.
      (p + "confidence", Tensor([confidence.nextDown])), (p + "one", Tensor(scalar: Int64(1))),
      (p + "ends", Tensor([0, 2] as [Int64])),
    ]
    var nodes: [OnnxContent.Node] = []
    func add(
      _ operatorName: String, _ inputs: [String], _ outputs: [String], _ attributes: Attributes = [:]
    ) {
      nodes.append(
        OnnxContent.Node(
          name: p + outputs[0], operatorName: operatorName, inputs: inputs, outputs: outputs,
          attributes: attributes))
    }
    let (byClass, found, order, chosen) = (p + "by-class", p + "found", p + "order", p + "chosen")
    let (boxesOut, scoresOut, classesOut) = (Self.outputs[0], Self.outputs[1], Self.outputs[2])
    add(Transpose.name, [scores], [byClass], ["perm": .ints([0, 2, 1])])
    add(NonMaxSuppression.name, [boxes, byClass, p + "most", p + "overlap", p + "confidence"], [found])
    add(GatherND.name, [byClass, found], [p + "scores"])
    add(ShapeOf.name, [p + "scores"], [p + "count"])
    add(Min.name, [p + "count", p + "most"], [p + "kept"])
    add(
      TopK.name, [p + "scores", p + "kept"], [scoresOut, order],
      ["axis": .int(0), "largest": .int(1), "sorted": .int(1)])
    add(Gather.name, [found, order], [chosen], ["axis": .int(0)])
    add(Gather.name, [chosen, p + "one"], [classesOut], ["axis": .int(1)])
    add(Gather.name, [chosen, p + "ends"], [p + "places"], ["axis": .int(1)])
    add(GatherND.name, [boxes, p + "places"], [boxesOut])
    content.append(
      nodes, initializers: constants,
      outputs: zip(Self.outputs, [[4], [], []]).map { output, columns in
        OnnxContent.Info(
          name: output, type: output == Self.outputs[2] ? .int64 : .float32,
          extents: [.named("n")] + columns.map { .fixed($0) })
      })
  }

  /// The file without such nodes, where it says that it has them.
  static func removed(from file: OnnxFile) -> OnnxFile {
    guard let text = file.metadata.first(where: { $0.key == key })?.value else { return file }
    var file = file
    file.nodes.removeAll { $0.name.hasPrefix(prefix) }
    file.initializers.removeAll { $0.name.hasPrefix(prefix) }
    file.outputs.removeAll { outputs.contains($0.name) }
    // The network itself takes any number of images.
    if let json = try? JSONText(ByteRange(Array(text.utf8))), let name = json["batch"]?.string {
      for index in file.inputs.indices where file.inputs[index].extents?.isEmpty == false {
        file.inputs[index].extents?[0] = .named(name)
      }
    }
    return file
  }
}
