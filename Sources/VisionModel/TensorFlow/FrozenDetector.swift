import VisionGraph
import VisionImage
import VisionSystem
import VisionTensor

/// A single-shot detector of TensorFlow's Object Detection API, as a model of our own: the feature extractor and the
/// predictors of its frozen graph, with the decoding of boxes and scores built anew.
///
/// The parts of such a graph are known by their names: `Preprocessor`, `Postprocessor` and what these read.
struct FrozenDetector {
  /// The node of the numbers that the network gets.
  private static let image = "Preprocessor/sub"
  /// Nodes of the post-processing, by whose inputs the network's outputs are found.
  private static let (offsets, logits, anchors) = (
    "Postprocessor/Reshape_1", "Postprocessor/scale_logits", "Postprocessor/ExpandDims"
  )
  private let file: FrozenGraph
  private var importer: FrozenGraphImporter

  /// Whether a graph is such a detector.
  static func isOne(_ file: FrozenGraph) -> Bool {
    [image, offsets, logits, anchors].allSatisfy { file[$0] != nil }
  }

  /// The model, without labels. Its outputs are `boxes` N×A×4 (left, top, right, bottom in pixels of the input) and `scores` N×A×K.
  ///
  /// - Parameter classes: the classes to keep, counted from 1 as the background is 0; nil for all.
  static func model(_ file: FrozenGraph, keeping classes: [Int]? = nil) throws(FormatError) -> Model {
    var detector = FrozenDetector(file, classes)
    return try detector.build()
  }

  private let kept: [Int]?

  private init(_ file: FrozenGraph, _ kept: [Int]?) {
    self.file = file
    self.kept = kept
    importer = FrozenGraphImporter(file)
  }

  private mutating func build() throws(FormatError) -> Model {
    let (height, width) = try sides()
    let preprocessing = try preprocessing(width: width, height: height)
    try importer.addImage(Self.image, name: "input", shape: [3, height, width])
    let (offsets, logits, anchors) = (
      try source(of: Self.offsets), try source(of: Self.logits), try source(of: Self.anchors)
    )
    try importer.translate([offsets, logits, anchors])
    guard let corners = importer.value(anchors)?.constant, corners.shape.rank == 2, corners.shape[1] == 4
    else {
      throw FormatError(.network, "the anchors are not constant", node: anchors)
    }
    let count = corners.shape[0]
    guard let codes = importer.value(offsets), let scores = importer.value(logits),
      codes.shape == [1, count, 4], scores.shape.count == 3, scores.shape[1] == count, scores.shape[2] > 1
    else { throw FormatError(.network, "boxes, scores and anchors do not fit one another", node: logits) }
    let (boxes, numbers, factors) = (
      try importer.logical(codes, offsets), try importer.logical(scores, logits), try factors()
    )
    do {
      try addBoxes(boxes, corners.floats, factors, width: Float(width), height: Float(height))
      try addScores(numbers)
    } catch { throw FrozenGraphImporter.network(error, logits) }
    var model = Model(
      graph: importer.builder.graph, parameters: importer.parameters, preprocessing: preprocessing)
    var details: [String: JSON] = [:]
    if let threshold = overlap() { details["overlap"] = .number(threshold) }
    if let threshold = confidence() { details["confidence"] = .number(threshold) }
    model.signature = Signature(
      task: "detection", inputs: ["input"],
      outputs: [.init(OutputRole(kind: "boxes")), .init(OutputRole(kind: "scores"))],
      details: details)
    return model
  }

  /// The first input of a node.
  private func source(of name: String) throws(FormatError) -> String {
    guard let input = file[name]?.inputs.first, input.output == 0 else {
      throw FormatError(.network, "the detector's graph has no '\(name)' that reads a value", node: name)
    }
    return input.node
  }

  private func constant(_ name: String) throws(FormatError) -> Tensor? {
    guard let node = file[name], node.operation == "Const",
      case .tensor(let tensor)? = node.attributes["value"]
    else { return nil }
    return try tensor.tensor()
  }

  /// The height and width to which images are resized.
  private func sides() throws(FormatError) -> (Int, Int) {
    let resizes = file.nodes.filter { $0.operation == "ResizeBilinear" && $0.name.hasPrefix("Preprocessor/") }
    guard resizes.count == 1, resizes[0].inputs.count == 2,
      let sizes = try constant(resizes[0].inputs[1].node)?.integers, sizes.count == 2,
      sizes.allSatisfy({ Preprocessing.sides.contains($0) })
    else {
      throw FormatError(
        .unsupported, "the detector does not resize images to one constant size", node: Self.image)
    }
    return (sizes[0], sizes[1])
  }

  /// The divisors of the codes for the centers' rows and columns, the heights and the widths.
  private func factors() throws(FormatError) -> [Float] {
    var factors: [Float] = []
    for name in ["div", "div_1", "div_2", "div_3"] {
      guard let tensor = try constant("Postprocessor/Decode/\(name)/y"), tensor.elementCount == 1,
        tensor.floats[0] > 0
      else {
        throw FormatError(
          .unsupported, "the detector codes boxes in another way than its kind usually does",
          node: "Postprocessor/Decode/\(name)")
      }
      factors.append(tensor.floats[0])
    }
    guard let scale = try constant("\(Self.logits)/y"), scale.floats == [1],
      file["Postprocessor/convert_scores"]?.operation == "Sigmoid"
    else {
      throw FormatError(
        .unsupported, "the detector's scores are not sigmoids of its numbers", node: Self.logits)
    }
    return factors
  }

  /// pixel · factor − offset, as the last two nodes of the preprocessing say.
  private func preprocessing(width: Int, height: Int) throws(FormatError) -> Preprocessing {
    guard let last = file[Self.image], last.operation == "Sub", last.inputs.count == 2,
      let product = file[last.inputs[0].node], product.operation == "Mul", product.inputs.count == 2,
      let offset = try constant(last.inputs[1].node), offset.elementCount == 1,
      let factor = product.inputs.lazy.compactMap({ try? constant($0.node) }).first, factor.elementCount == 1
    else {
      throw FormatError(
        .unsupported, "the detector's preprocessing is not a factor and an offset", node: Self.image)
    }
    let (scale, mean) = (Double(factor.floats[0]), Double(offset.floats[0]))
    do {
      return try Preprocessing(
        width: width, height: height, fit: .squash, filter: .bilinearCorner,
        scale: [scale, scale, scale], mean: [mean, mean, mean])
    } catch { throw FormatError(.network, error.message, node: Self.image) }
  }

  /// The overlap above which the graph's own selection drops a box.
  private func overlap() -> Double? {
    for node in file.nodes where node.operation.hasPrefix("NonMaxSuppression") {
      for input in node.inputs {
        if let tensor = try? constant(input.node), tensor.elementType == .float32, tensor.elementCount == 1 {
          return Double(tensor.floats[0])
        }
      }
    }
    return nil
  }

  /// The score that boxes need in the graph's own selection.
  private func confidence() -> Double? {
    for node in file.nodes
    where node.operation == "Greater" && node.name.contains("/FilterGreaterThan") && node.inputs.count == 2 {
      if let tensor = try? constant(node.inputs[1].node), tensor.elementType == .float32,
        tensor.elementCount == 1,
        (0...1).contains(tensor.floats[0])
      {
        return Double(tensor.floats[0])
      }
    }
    return nil
  }

  /// Decodes boxes: offsets of centers are relative to the anchor's sides, sides are relative and logarithmic.
  private func addBoxes(_ codes: Value, _ corners: [Float], _ factors: [Float], width: Float, height: Float)
    throws(GraphError)
  {
    let builder = importer.builder
    let parts = try builder.add(Split(axis: 2, into: 4), [codes], name: "codes")
    var edges: [Value] = []
    for (axis, size) in [height, width].enumerated() {
      /// The numbers of all anchors, from their two corners on this axis.
      func column(_ number: (Float, Float) -> Float) -> Value {
        let numbers = (0..<corners.count / 4).map {
          number(corners[$0 * 4 + axis], corners[$0 * 4 + axis + 2])
        }
        return builder.constant(Tensor(numbers, shape: [numbers.count, 1]), name: "anchors")
      }
      func scalar(_ number: Float) -> Value { builder.constant(Tensor(scalar: number), name: "factor") }
      let length = column { $1 - $0 }
      let offset = try builder.add(Mul(), builder.add(Div(), parts[axis], scalar(factors[axis])), length)
      let center = try builder.add(Add(), offset, column { $0 + ($1 - $0) / 2 })
      let ratio = try builder.add(Exp(), builder.add(Div(), parts[axis + 2], scalar(factors[axis + 2])))
      let half = try builder.add(Div(), builder.add(Mul(), ratio, length), scalar(2))
      for edge in [try builder.add(Sub(), center, half), try builder.add(Add(), center, half)] {
        let inside = try builder.add(Clip(), edge, scalar(0), scalar(1))
        edges.append(try builder.add(Mul(), inside, scalar(size)))
      }
    }
    let boxes = try builder.add(Concat(axis: 2), [edges[2], edges[0], edges[3], edges[1]], name: "boxes")
    try builder.output("boxes", boxes[0])
  }

  /// Scores of the classes that are kept, without that of the background, which comes first.
  private func addScores(_ logits: Value) throws(GraphError) {
    let builder = importer.builder
    let classes = (kept ?? Array(1..<logits.shape[2])).map(Int64.init)
    let chosen = try builder.add(
      Gather(axis: 2), logits, builder.constant(Tensor(classes), name: "kept"), name: "classes")
    try builder.output("scores", builder.add(Sigmoid(), chosen, name: "scores"))
  }
}
