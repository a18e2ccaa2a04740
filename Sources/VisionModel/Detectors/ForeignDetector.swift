import VisionGraph
import VisionImage
import VisionSystem
package import VisionTensor

/// A detector of others whose head is known, so that its boxes and scores can be had in the form of all detectors.
package struct ForeignDetector: Sendable {
  package let kind: DetectorKind
  /// What the head was recognized by, for people.
  package let evidence: String
  /// The multiple to which the sides of each image are rounded up to become those of the input; nil where all images
  /// are fitted to one size.
  package let multiple: Int?
  /// The detector at the file's size, or else at that of its kind.
  package let model: Model

  /// The kind of head and what it was recognized by, for people.
  package var note: String { "head \(kind.rawValue), recognized by \(evidence)" }

  private let source: Model

  /// - Parameters:
  ///   - model: as read from a file that VisionNet did not write.
  ///   - kind: the kind of its head; nil to find it out.
  /// - Throws: `RoleError` when the network does not take images or its head is not known; `ImageError` when its size
  ///   is none that images can have.
  package init(_ model: Model, head kind: DetectorKind? = nil) throws {
    let input: ImageInput
    do {
      input = try ImageInput(model.graph, preprocessing: model.preprocessing)
    } catch { throw RoleError(error) }
    let view = DetectorView(model.graph, input, labels: model.labels, model.foreign)
    // What is wrong with a network for something else is not that its head is unknown.
    if kind == nil, DetectorFinder.kinds(view).isEmpty, let task = Self.otherTask(model) {
      throw RoleError(.head, "the model is for \(task), not \(Signature.detection)")
    }
    let head = try DetectorFinder.head(view, kind)
    self.kind = type(of: head).kind
    evidence = head.evidence
    source = model
    switch head.convention.sizing {
    case .multiple(let multiple) where model.preprocessing == nil: self.multiple = multiple
    default: multiple = nil
    }
    var sides = (width: input.width, height: input.height)
    if case .fixed(let open) = head.convention.sizing, model.assumedSides != nil { sides = (open, open) }
    self.model = try Self.standard(model, self.kind, width: sides.width, height: sides.height)
  }

  /// What the network is for if that is certainly not finding objects: the task that its file names, or classification
  /// where its only output has one row of scores for each image.
  private static func otherTask(_ model: Model) -> String? {
    if model.task != Signature.classification { return model.task == Signature.detection ? nil : model.task }
    guard model.graph.outputs.count == 1, let output = model.graph.outputs.first,
      model.graph.fact(output.value).shape.rank == 2
    else { return nil }
    let isClassifier =
      (try? ClassifierRoles(model.graph, of: model, preprocessing: model.preprocessing)) != nil
    return isClassifier ? Signature.classification : nil
  }

  /// The kinds of heads that the outputs of a model fit; several where it is not certain what they mean.
  package static func kinds(fitting model: Model) -> [DetectorKind] {
    guard let input = try? ImageInput(model.graph, preprocessing: model.preprocessing) else { return [] }
    return DetectorFinder.kinds(DetectorView(model.graph, input, labels: model.labels, model.foreign))
  }

  /// The largest side of an input that follows the image.
  package static let largestSide = 4096

  /// The sides of the input for an image of `width` × `height` pixels; those of `model` where all images are fitted to
  /// one size.
  package func sides(width: Int, height: Int) -> (width: Int, height: Int) {
    guard let multiple else { return model.preprocessing.map { ($0.width, $0.height) } ?? (width, height) }
    // An image that is larger than the limit keeps its shape.
    let factor = min(1, Double(Self.largestSide) / Double(max(width, height, 1)))
    func side(_ side: Int) -> Int {
      let pixels = max(Int(saturating: (Double(side) * factor).rounded()), 1)
      return (pixels + multiple - 1) / multiple * multiple
    }
    return (side(width), side(height))
  }

  /// The detector for inputs of another size.
  ///
  /// - Throws: as `init`, and `GraphError` when the network does not take that size.
  package func model(width: Int, height: Int) throws -> Model {
    if let size = model.preprocessing, (size.width, size.height) == (width, height) { return model }
    return try Self.standard(source, kind, width: width, height: height)
  }

  /// The detector for an input of a shape, N×C×H×W or N×H×W×C as the file has it.
  package func model(shape: Shape) throws -> Model {
    let input = try ImageInput(source.graph, preprocessing: source.preprocessing)
    guard (3...4).contains(shape.rank) else {
      throw RoleError(.input, "an image is no \(shape)", place: input.name)
    }
    let sides = Array(shape.dimensions.suffix(3))
    return input.layout == .nchw
      ? try model(width: sides[2], height: sides[1]) : try model(width: sides[1], height: sides[0])
  }

  /// The model with the outputs of all detectors, `boxes` N×A×4, `scores` N×A×K and perhaps `points` N×A×P×2, for one
  /// size of images.
  private static func standard(_ source: Model, _ kind: DetectorKind, width: Int, height: Int) throws -> Model
  {
    let input = try ImageInput(source.graph, preprocessing: source.preprocessing)
    guard input.channels == 3 else {
      throw RoleError(
        .input, "the detector takes images of \(input.channels) channels, not of 3", place: input.name)
    }
    let graph = try bound(source.graph, input, width: width, height: height)
    let view = DetectorView(
      graph, try ImageInput(graph, preprocessing: source.preprocessing), labels: source.labels, source.foreign
    )
    let head = try DetectorFinder.head(view, kind)
    let convention = head.convention
    let builder = GraphBuilder(extending: graph)
    let decoded = try head.decode(view, HeadBuilder(builder: builder))
    var model = source
    var outputs: [Signature.Output] = []
    let values =
      [("boxes", decoded.boxes), ("scores", decoded.scores)] + (decoded.points.map { [("points", $0)] } ?? [])
    for (name, value) in values {
      try builder.output(name, value)
      outputs.append(Signature.Output(OutputRole(kind: name)))
    }
    model.graph = try DeadNodeRemoval().run(builder.graph)
    model.preprocessing = try source.preprocessing ?? convention.preprocessing(width: width, height: height)
    var details: [String: JSON] = ["head": .string(kind.rawValue)]
    if let confidence = convention.confidence { details["confidence"] = .number(confidence) }
    if let overlap = convention.overlap { details["overlap"] = .number(overlap) }
    model.signature = Signature(
      task: Signature.detection, inputs: [input.name], outputs: outputs,
      classes: try DetectorFinder.labels(
        source.labels, head, source.foreign, classes: decoded.scores.shape[2]), details: details)
    // It refers to outputs that the graph no longer has.
    model.metadata = []
    return model
  }

  /// The graph for one image of this size, also where its file states another size.
  private static func bound(_ graph: Graph, _ input: ImageInput, width: Int, height: Int) throws -> Graph {
    guard let id = graph.inputs.first else { return graph }
    var shape = graph.fact(id).shape
    let first = shape.rank - 3
    let (rows, columns) = input.layout == .nchw ? (first + 1, first + 2) : (first, first + 1)
    (shape[rows], shape[columns]) = (height, width)
    var axes: [Int: String] = [:]
    if shape.rank == 4, shape[0] != 1 {
      shape[0] = 1
      axes[0] = "N"
    }
    if shape[rows] != input.height { axes[rows] = "height" }
    if shape[columns] != input.width { axes[columns] = "width" }
    do {
      return shape == graph.fact(id).shape ? graph : try graph.opening(axes).bound(to: [input.name: shape])
    } catch {
      throw RoleError(
        .input, "the detector does not take images of \(width)×\(height): \(error.message)", place: input.name
      )
    }
  }
}
